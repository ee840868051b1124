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
let said = "";
afterEach(() => child?.kill("SIGKILL"));

/** What the program prints itself; the log's lines are JSON. */
const lines = () => said.split("\n").filter((line) => line !== "" && !line.startsWith("{"));

async function start(more = ""): Promise<{ running: ChildProcess; closed: Promise<unknown[]> }> {
  said = "";
  child = spawn(process.execPath, ["--input-type=module-typescript", "--eval", PROGRAM + more], {
    cwd: path.resolve(import.meta.dirname, ".."),
    stdio: ["ignore", "pipe", "ignore"],
  });
  const closed = once(child, "close");
  child.stdout!.on("data", (chunk) => {
    said += chunk;
  });
  await expect.poll(lines).toContain("serving");
  return { running: child, closed };
}

it("a defect that nobody caught drains, and ends the process with 1", async () => {
  const { closed } = await start("setTimeout(() => null.defect, 10);");
  expect(await closed).toEqual([1, null]);
  expect(lines()).toEqual(["serving", "drained"]);
  expect(said).toContain('"level":"fatal"');
});

it("ends where the process that started it is gone before it serves", async () => {
  said = "";
  const slow = `await new Promise((resolve) => process.once("disconnect", resolve));${PROGRAM}`;
  child = spawn(process.execPath, ["--input-type=module-typescript", "--eval", slow], {
    cwd: path.resolve(import.meta.dirname, ".."),
    stdio: ["ignore", "pipe", "ignore", "ipc"],
  });
  child.stdout!.on("data", (chunk) => {
    said += chunk;
  });
  const exited = once(child, "exit");
  child.disconnect();
  expect(await exited).toEqual([0, null]);
  await expect.poll(lines).toContain("drained");
});

it("listeners to uncaught exceptions that somebody else adds are taken away again", async () => {
  const running = await start(`
    import { keepUncaughtFrom } from "./server/uncaught.ts";
    await keepUncaughtFrom(async () => {
      process.on("uncaughtException", () => console.log("taken"));
    });
    console.log("kept");
    setTimeout(() => null.defect, 10);
  `);
  expect(await running.closed).toEqual([1, null]);
  expect(lines()).not.toContain("taken");
  expect(lines().at(-1)).toBe("drained");
});

it("what belongs to one connection, and a rejection that nobody waited for, end nothing", async () => {
  const { running, closed } = await start(`
    import net from "node:net";
    const server = net.createServer((socket) => socket.resetAndDestroy()).listen(0, "127.0.0.1", () => {
      net.connect(server.address().port, "127.0.0.1").write("x");
    });
    setTimeout(() => Promise.reject(new TypeError("nobody waits")), 10);
    process.on("uncaughtException", () => console.log("reset"));
  `);
  await expect.poll(lines).toContain("reset");
  await expect.poll(() => said).toContain("nobody waits");
  running.kill("SIGTERM");
  expect(await closed).toEqual([0, null]);
});

it("SIGHUP reloads, as often as it comes, and SIGTERM drains", async () => {
  const { running, closed } = await start();
  running.kill("SIGHUP");
  await expect.poll(lines).toEqual(["serving", "reloaded"]);
  running.kill("SIGHUP");
  await expect.poll(lines).toEqual(["serving", "reloaded", "reloaded"]);
  running.kill("SIGTERM");
  expect(await closed).toEqual([0, null]);
  expect(lines().at(-1)).toBe("drained");
});
