// npm run bench -- streaming [--gigabytes 1]
// A large log through the gateway with everything on: rate, the gateway's memory while it flows, and that it arrived to the byte.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from "node:fs";
import https from "node:https";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { startEmbeddedPostgres } from "../scripts/postgres/embedded-postgres.ts";
import { freePort } from "../test/free-ports.ts";
import { end, ensurePrograms, firstLine, startOn } from "./gateway/programs.ts";
import { listening, writeCertificates, writeNginxConfiguration } from "./gateway/upstream.ts";

const LOG = "/api/v1/namespaces/shop/pods/web/log";
const { values } = parseArgs({ options: { gigabytes: { type: "string" } } });
const blocks = Math.round(Number(values.gigabytes ?? 1) * 1024);

const missing = ensurePrograms();
if (missing.length > 0) {
  console.log(`SKIPPED: install ${missing.join(", ")}. As root on Debian they are installed by themselves.`);
  process.exit(0);
}
const folder = mkdtempSync(path.join(tmpdir(), "kubewitness-bench-"));
chmodSync(folder, 0o711);
const postgres = await startEmbeddedPostgres({
  directory: path.join(folder, "postgres"),
  database: "bench",
  durable: true,
});
await writeCertificates(folder);
const sent = writeLog();
const port = await freePort();
// As root, nginx would read the log as another user.
const user = process.getuid?.() === 0 ? "user root; " : "";
const nginx = startOn(1, "nginx", [
  "-g",
  user,
  "-c",
  writeNginxConfiguration(folder, port, `location = ${LOG} { root ${folder}/www; }`),
]);
await listening(port);
const program = path.join(import.meta.dirname, "gateway/gateway-process.ts");
const gateway = startOn(0, process.execPath, [
  program,
  postgres.url,
  folder,
  `https://127.0.0.1:${port}`,
  folder,
]);
try {
  const served = JSON.parse((await firstLine(gateway, /^\{.*\}$/m))[0]) as { port: number; token: string };
  await fetchLog(served);
  const memory = () =>
    Math.round(
      Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${gateway.pid}/status`, "utf8"))?.[1]) / 1024,
    );
  const before = memory();
  let peak = before;
  const sampling = setInterval(() => {
    peak = Math.max(peak, memory());
  }, 50);
  const started = performance.now();
  const received = await fetchLog(served);
  const seconds = (performance.now() - started) / 1000;
  clearInterval(sampling);
  if (received !== sent) throw new Error(`what arrived is not what was sent: ${received}, ${sent}`);
  console.log(
    `${blocks} MiB in ${seconds.toFixed(1)} s, ${Math.round(blocks / seconds)} MiB/s, to the byte.`,
  );
  console.log(
    `The gateway's memory: ${before} MB before, at most ${peak} MB while it flowed, ${memory()} MB after.`,
  );
} finally {
  await end(gateway);
  await end(nginx);
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
}

/** Writes the log for nginx to serve; yields its SHA-256. */
function writeLog(): string {
  const file = path.join(folder, "www", LOG);
  mkdirSync(path.dirname(file), { recursive: true });
  const block = execFileSync("head", ["-c", String(2 ** 20), "/dev/urandom"], { maxBuffer: 2 ** 21 });
  const hash = createHash("sha256");
  const descriptor = openSync(file, "w");
  for (let i = 0; i < blocks; i++) {
    writeSync(descriptor, block);
    hash.update(block);
  }
  closeSync(descriptor);
  return hash.digest("hex");
}

function fetchLog({ port, token }: { port: number; token: string }): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = https.get({
      host: "127.0.0.1",
      port,
      ca: readFileSync(`${folder}/ca.crt`),
      path: `/k8s/clusters/bench${LOG}`,
      headers: { Authorization: `Bearer ${token}` },
    });
    request.on("error", reject);
    request.on("response", (response) => {
      const hash = createHash("sha256");
      response.on("data", (chunk: Buffer) => hash.update(chunk));
      response.on("error", reject);
      response.on("end", () => resolve(hash.digest("hex")));
    });
  });
}
