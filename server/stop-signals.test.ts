import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { afterEach, expect, it } from "vitest";

const PROGRAM = `
  import { reloadOnSignal, stopOnSignal } from "./server/stop-signals.ts";
  reloadOnSignal(async () => console.log("reloaded"));
  stopOnSignal([["calls", async () => console.log("drained")]]);
  setInterval(() => {}, 1000);
  console.log("serving");
`;
let child: ChildProcess | undefined;
afterEach(() => child?.kill("SIGKILL"));

it("SIGHUP reloads, as often as it comes, and SIGTERM drains", async () => {
  child = spawn(process.execPath, ["--input-type=module-typescript", "--eval", PROGRAM], {
    cwd: path.resolve(import.meta.dirname, ".."),
    stdio: ["ignore", "pipe", "ignore"],
  });
  let said = "";
  child.stdout!.on("data", (chunk) => {
    said += chunk;
  });
  const lines = () => said.split("\n").filter((line) => line !== "" && !line.startsWith("{"));
  await expect.poll(lines, { timeout: 10_000 }).toEqual(["serving"]);
  child.kill("SIGHUP");
  await expect.poll(lines).toEqual(["serving", "reloaded"]);
  child.kill("SIGHUP");
  await expect.poll(lines).toEqual(["serving", "reloaded", "reloaded"]);
  child.kill("SIGTERM");
  expect(await once(child, "close")).toEqual([0, null]);
  expect(lines().at(-1)).toBe("drained");
});
