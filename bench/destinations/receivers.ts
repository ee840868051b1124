import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { createReadStream, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { zstdDecompressSync } from "node:zlib";
import { receiverCertificates } from "../../lib/streams/destinations/testing/certificates.ts";
import { startRsyslog } from "../../lib/streams/destinations/testing/rsyslog.ts";
import { findRsyslogd } from "../../scripts/rsyslog.ts";

/** A receiver that can be killed and started again. */
export interface KilledReceiver {
  settings: object;
  secrets: object;
  kill(): Promise<void>;
  restart(): Promise<void>;
  /** The numbers of all records that it has, each as often as it has it. */
  numbers(): Promise<number[]>;
  close(): Promise<void>;
}

const SECRETS: Readonly<Record<string, object>> = {
  webhook: { signingSecret: `whsec_${Buffer.alloc(32, 1).toString("base64")}` },
  splunk: { token: "token" },
  s3: { accessKeyId: "id", secretAccessKey: "secret" },
};
const SETTINGS: Readonly<Record<string, object>> = { s3: { bucket: "audit" } };

/** Null where this machine has none of the kind. */
export async function startKilledReceiver(kind: string): Promise<KilledReceiver | null> {
  return kind === "syslog" ? startSyslog() : startHttp(kind);
}

async function startHttp(kind: string): Promise<KilledReceiver> {
  const folder = mkdtempSync(path.join(tmpdir(), `kubewitness-bench-${kind}-`));
  let port = 0;
  let child: ChildProcess;
  const start = async () => {
    child = fork(path.join(import.meta.dirname, "receiver.ts"), {
      env: { ...process.env, KIND: kind, PORT: String(port), FOLDER: folder },
    });
    const [address] = (await once(child, "message")) as [AddressInfo];
    port = address.port;
  };
  const stop = async () => {
    child.kill("SIGKILL");
    await once(child, "exit");
  };
  await start();
  const origin = `http://127.0.0.1:${port}`;
  return {
    settings: { ...SETTINGS[kind], [kind === "s3" ? "endpoint" : "url"]: origin },
    secrets: SECRETS[kind] ?? {},
    kill: stop,
    restart: start,
    numbers: async () =>
      kind === "s3" ? numbersInObjects(folder) : numbersInLines(path.join(folder, "numbers")),
    close: async () => {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What a kill left of a line that was being written counts as nothing: it was not said to be taken. */
const numbersInLines = (file: string) =>
  readFileSync(file, "utf8").split("\n").slice(0, -1).filter(Boolean).map(Number);

function numbersInObjects(folder: string): number[] {
  const names = readdirSync(path.join(folder, "objects"), { recursive: true, encoding: "utf8" });
  return names
    .filter((name) => name.endsWith(".zst"))
    .flatMap((name) =>
      numbersInJson(String(zstdDecompressSync(readFileSync(path.join(folder, "objects", name))))),
    );
}

const numbersInJson = (text: string) => Array.from(text.matchAll(/"no":(\d+)/g), ([, no]) => Number(no));

async function startSyslog(): Promise<KilledReceiver | null> {
  const program = findRsyslogd();
  if (program === undefined) return null;
  const certificates = await receiverCertificates();
  const server = await startRsyslog(program, certificates);
  return {
    settings: {
      host: "localhost",
      port: server.port,
      ca: certificates.ca,
      clientCertificate: certificates.client.certificate,
    },
    secrets: { clientKey: certificates.client.key },
    kill: server.kill,
    restart: server.restart,
    numbers: () => numbersInMessages(server.written),
    close: server.close,
  };
}

/** The file may be larger than a text can be. */
async function numbersInMessages(file: string): Promise<number[]> {
  const numbers: number[] = [];
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const [, no] = / no=\\"(\d+)\\"/.exec(line) ?? [];
    if (no !== undefined) numbers.push(Number(no));
  }
  return numbers;
}
