import { createServer, type Server } from "node:http";
import { afterEach, expect, test, vi } from "vitest";
import { freePort } from "../../../test/free-ports.ts";
import { ConnectionWatch } from "./gateway-connection.ts";

let server: Server | null = null;
afterEach(() => server?.close());

async function listen(port: number): Promise<void> {
  server = createServer((_request, response) => response.end("ok"));
  await new Promise<void>((resolve) => server!.listen(port, "127.0.0.1", resolve));
}

async function goAway(): Promise<void> {
  server?.closeAllConnections();
  await new Promise((resolve) => server!.close(resolve));
  server = null;
}

test("a gateway that went away is asked for until it answers, and listeners hear of both", async () => {
  const port = await freePort();
  await listen(port);
  const watch = new ConnectionWatch((signal) => fetch(`http://127.0.0.1:${port}/healthz`, { signal }), 20);
  const states: string[] = [];
  watch.subscribe(() => states.push(watch.current().state));
  expect(watch.current()).toEqual({ state: "connecting", lastAnswer: null });
  watch.noteAnswer();
  const { lastAnswer } = watch.current();
  expect(lastAnswer).not.toBeNull();

  await goAway();
  watch.noteSilence();
  watch.noteSilence();
  expect(watch.current()).toEqual({ state: "lost", lastAnswer });

  await listen(port);
  await vi.waitFor(() => expect(watch.current().state).toBe("answering"), { timeout: 15_000 });
  expect(states).toEqual(["answering", "lost", "answering"]);
});

test("where requests fail while the gateway is well, it is not asked ever faster", async () => {
  const asked: number[] = [];
  const watch = new ConnectionWatch(async () => {
    asked.push(performance.now());
  }, 50);
  // A page reads everything anew when the gateway is back: one request fails again, another is answered.
  watch.subscribe(() => {
    if (watch.current().state !== "answering") return;
    queueMicrotask(() => {
      watch.noteSilence();
      watch.noteAnswer();
    });
  });
  watch.noteAnswer();
  await vi.waitFor(() => expect(asked.length).toBeGreaterThanOrEqual(3), { timeout: 15_000 });
  const [first = 0, second = 0, third = 0] = asked;
  // Timers are never early: pauses of 200 and 400 ms.
  expect(second - first).toBeGreaterThan(190);
  expect(third - second).toBeGreaterThan(390);
});
