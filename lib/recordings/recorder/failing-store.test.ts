import { describe, expect, test } from "vitest";
import type { RecordingOutcome } from "../recording-outcome.ts";
import { testSession } from "../store/testing/recorded.ts";
import { openRecording } from "./open-recording.ts";
import { MemoryStore } from "./testing/memory-store.ts";

const COMPLETED: RecordingOutcome = {
  ending: "completed",
  result: "success",
  message: null,
  exitCode: 0,
  bytesIn: 1,
  bytesOut: 2,
};

describe("a store that", () => {
  async function open(policy: "required" | "best_effort") {
    const store = new MemoryStore();
    const failures: Error[] = [];
    const onFailure = (error: Error) => failures.push(error);
    const recording = await openRecording({ session: testSession(), policy, store, onFailure });
    return { store, recording, failures };
  }

  test("takes its time holds the session back, with a bound", async () => {
    const { store, recording } = await open("required");
    const gate = Promise.withResolvers<void>();
    store.gate = gate.promise;
    let given = 0;
    let held: Promise<void> | undefined;
    while (held === undefined) {
      recording.output("stdout", Buffer.alloc(16 * 1024, 120));
      given += 16 * 1024;
      held = recording.room();
    }
    expect(given).toBeLessThanOrEqual(512 * 1024);
    gate.resolve();
    await held;
    await recording.close(COMPLETED);
    expect(store.text(recording.recordingId, "o").length).toBe(given);
  });

  test("takes its time holds back a session of very many small events, too", async () => {
    const { store, recording } = await open("required");
    const gate = Promise.withResolvers<void>();
    store.gate = gate.promise;
    let given = 0;
    while (recording.room() === undefined) {
      recording.resize({ columns: 80 + (given % 20), rows: 24 });
      given += 1;
    }
    expect(given).toBeLessThan(10_000);
    gate.resolve();
    await recording.close(COMPLETED);
    expect(store.events(recording.recordingId).filter(({ code }) => code === "r")).toHaveLength(given);
  });

  test("fails ends the recording, and says so at once", async () => {
    const { store, recording, failures } = await open("required");
    recording.output("stdout", Buffer.from("kept"));
    await expect.poll(() => store.chunks.length).toBe(1);
    store.failing = new Error("disk full");
    recording.output("stdout", Buffer.from("lost"));
    await expect.poll(() => failures.length).toBe(1);
    await expect(recording.room()).rejects.toThrow("disk full");
    store.failing = null;
    recording.output("stdout", Buffer.from("and no more is kept"));
    await recording.close(COMPLETED);
    expect(store.text(recording.recordingId, "o")).toBe("kept");
    expect(store.isWhole(store.ends[0]!)).toBe(true);
    expect(store.ends[0]?.outcome).toMatchObject({
      ending: "unrecorded",
      result: "failure",
      message: "Recorded in part",
    });
  });

  test("fails while a session is held back lets go of it", async () => {
    const { store, recording } = await open("best_effort");
    const gate = Promise.withResolvers<void>();
    store.gate = gate.promise;
    let held: Promise<void> | undefined;
    while (held === undefined) {
      recording.output("stdout", Buffer.alloc(32 * 1024, 120));
      held = recording.room();
    }
    store.failing = new Error("away");
    gate.resolve();
    await expect(held).rejects.toThrow("away");
    await recording.close(COMPLETED);
  });

  test("is away when the session begins refuses a required one, and keeps nothing of another", async () => {
    const store = new MemoryStore();
    store.failing = new Error("away");
    const session = testSession();
    await expect(openRecording({ session, policy: "required", store })).rejects.toThrow("away");
    const recording = await openRecording({ session, policy: "best_effort", store });
    expect(recording.failure?.message).toBe("away");
    recording.output("stdout", Buffer.from("x"));
    expect(recording.room()).toBeUndefined();
    await recording.close(COMPLETED);
    expect(store.ends).toEqual([]);
  });
});
