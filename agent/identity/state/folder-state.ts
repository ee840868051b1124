import { createHash } from "node:crypto";
import { mkdir, open, readFile, rename } from "node:fs/promises";
import path from "node:path";
import { AgentError } from "../../agent-error.ts";
import { errorText } from "../../log.ts";
import { formatKept, type Kept, parseKept } from "../identity.ts";
import type { State } from "./state.ts";

/** In a file of a folder that only its owner may read. One process at a time. */
export function folderState(folder: string): State {
  const file = path.join(folder, "identity.json");
  const place = `the file ${file} (KUBEWITNESS_AGENT_STATE)`;
  const readText = async (): Promise<string> => {
    try {
      return await readFile(file, "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
      throw failed(place, "read", error);
    }
  };
  return {
    place,
    async read() {
      const text = await readText();
      return {
        kept: text === "" ? { identity: null, claim: null } : parseKept(text, place),
        version: versionOf(text),
      };
    },
    async write(kept: Kept, version: string) {
      if (versionOf(await readText()) !== version) return false;
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        await replace(file, formatKept(kept));
      } catch (error) {
        throw failed(place, "written", error);
      }
      return true;
    },
  };
}

/** On the disk before it takes the old one's place: a crash leaves one or the other. */
async function replace(file: string, text: string): Promise<void> {
  const fresh = await open(`${file}.new`, "w", 0o600);
  try {
    await fresh.writeFile(text);
    await fresh.sync();
  } finally {
    await fresh.close();
  }
  await rename(`${file}.new`, file);
}

const versionOf = (text: string): string => createHash("sha256").update(text).digest("hex");

function failed(place: string, done: string, cause: unknown): AgentError {
  return new AgentError(`${place} cannot be ${done}: ${errorText(cause)}`, { cause });
}
