import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";

let data: string;
beforeEach(() => {
  data = mkdtempSync(path.join(tmpdir(), "kubewitness-start-"));
});
afterEach(() => rmSync(data, { recursive: true }));

/** What `npm start` runs once packages are installed. */
const start = async (environment: Record<string, string>) => {
  const child = spawn(process.execPath, ["scripts/start.ts"], {
    cwd: path.resolve(import.meta.dirname, ".."),
    env: { ...process.env, NODE_ENV: "production", KUBEWITNESS_DATA: data, ...environment },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.on("data", (chunk) => {
    said += chunk;
  });
  const [code] = await once(child, "close");
  return { code, said };
};

it("stops with one line a wrong setting", async () => {
  expect(await start({ KUBEWITNESS_PORT: "web", KUBEWITNESS_AUDIT_SYNC: "perhaps" })).toEqual({
    code: 1,
    said:
      'error: port (KUBEWITNESS_PORT) got "web" from the environment: takes a port number from 1 to 65535\n' +
      'error: audit.sync (KUBEWITNESS_AUDIT_SYNC) got "perhaps" from the environment: takes true or false\n',
  });
});

it("stops with one line for a busy port, before anything is built", async () => {
  const squatter = createServer().listen(0, "127.0.0.1");
  await once(squatter, "listening");
  const { port } = squatter.address() as AddressInfo;
  const result = await start({ KUBEWITNESS_PORT: String(port), KUBEWITNESS_HOST: "127.0.0.1" });
  squatter.close();
  expect(result).toEqual({
    code: 1,
    said:
      `error: port (KUBEWITNESS_PORT): cannot listen on 127.0.0.1:${port}, another program listens on it. ` +
      "Stop that program or set another port (KUBEWITNESS_PORT).\n",
  });
});
