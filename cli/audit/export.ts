import { createHash } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import type { Api } from "../http/api.ts";
import { explain } from "../http/send.ts";
import { Failure } from "../program/failure.ts";

interface Export {
  api: Api;
  /** Of the surface. */
  path: string;
  query: Record<string, string | undefined>;
  write: (chunk: Buffer) => Promise<void>;
  tell: (line: string) => void;
}

export interface Exported {
  id: string;
  rows: number | null;
  bytes: number;
  sha256: string;
}

const MOST_ATTEMPTS = 10;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;

/**
 * Streams an export to its end. A connection that breaks is made again, and goes on with the byte that comes next; at the end what arrived is
 * held against the installation's own size and SHA-256 of the file.
 * @throws Failure, also where they differ.
 */
export async function runExport({ api, path, query, write, tell }: Export): Promise<Exported> {
  const hash = createHash("sha256");
  let [id, bytes, failures] = ["", 0, 0];
  for (;;) {
    try {
      const asked = id === "" ? query : { resume: `${id}.${bytes}` };
      const stream = await api.stream(`${path}/export`, { query: asked, headers: { Accept: "*/*" } });
      id = String(stream.headers["x-export-id"]);
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        failures = 0;
        hash.update(chunk);
        await write(chunk).catch((error) => {
          throw new Unwritable("of the file", { cause: error });
        });
        bytes += chunk.length;
      }
      break;
    } catch (thrown) {
      // What of it is in the file nobody knows: there is nothing to go on with.
      if (thrown instanceof Unwritable) throw new Failure("failed", describeUnwritable(thrown));
      const error = explain(new URL(api.url), thrown as Error);
      // Before its id is known there is nothing to go on with.
      if (id === "" || !["unreachable", "failed"].includes(error.reason) || ++failures > MOST_ATTEMPTS)
        throw error;
      tell(`${error.message} Going on after ${bytes} bytes.`);
      await setTimeout(Math.min(FIRST_WAIT_MS * 2 ** failures, LONGEST_WAIT_MS));
    }
  }
  return checked(api, path, { id, bytes, sha256: hash.digest("hex") });
}

class Unwritable extends Error {}

const describeUnwritable = ({ cause }: Unwritable): string =>
  `The file cannot be written (${(cause as NodeJS.ErrnoException).code ?? cause}): see to its space.`;

interface Manifest {
  complete: boolean;
  rows: number | null;
  bytes: number | null;
  sha256: string | null;
}

async function checked(api: Api, path: string, arrived: Omit<Exported, "rows">): Promise<Exported> {
  const manifest = await api.json<Manifest>(`${path}/export/${arrived.id}/manifest`);
  const isWhole = manifest.complete && manifest.bytes === arrived.bytes && manifest.sha256 === arrived.sha256;
  if (!isWhole)
    throw new Failure(
      "failed",
      `The export is not what the installation sent: ${arrived.bytes} bytes, SHA-256 ${arrived.sha256}, of ${manifest.bytes} bytes, ${manifest.sha256}. Run it again.`,
    );
  return { ...arrived, rows: manifest.rows };
}
