import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { freePort } from "../../../test/free-ports.ts";

const RELAY = fileURLToPath(new URL("./sandbox-relay.cjs", import.meta.url));

/** Asks through the relay, then says whether its own standard output is non-blocking; without a look at process.stdout, which would make it so. */
const PROGRAM = `
  const client = require("node:net").connect({ port: Number(process.argv[1]), host: "127.0.0.1" }, () => client.write("ping"));
  client.once("data", (answer) => {
    const flags = /flags:\\s+(\\d+)/.exec(require("node:fs").readFileSync("/proc/self/fdinfo/1", "utf8"))[1];
    const isNonBlocking = (parseInt(flags, 8) & 0o4000) !== 0;
    require("node:fs").writeSync(1, answer + " " + isNonBlocking);
    process.exit(7);
  });`;

test("a program asks by the relay's port, its writes wait for who reads, and its exit code is the relay's", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "kw-relay-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const socketPath = path.join(folder, "api.sock");
  const gateway = createServer((socket) => {
    socket.on("error", () => socket.destroy()).on("data", () => socket.write("pong"));
  });
  await once(gateway.listen(socketPath), "listening");
  onTestFinished(() => void gateway.close());
  const port = String(await freePort());
  const relay = spawn(process.execPath, [RELAY, port, socketPath, process.execPath, "-e", PROGRAM, port], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  relay.stdout.on("data", (chunk) => {
    said += chunk;
  });
  const [exitCode] = await once(relay, "close");
  expect({ said, exitCode }).toEqual({ said: "pong false", exitCode: 7 });
});
