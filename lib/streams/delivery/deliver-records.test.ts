import { setImmediate } from "node:timers/promises";
import { beforeEach, describe, expect, test } from "vitest";
import type { Batch, BatchRecord } from "../destinations/destination/destination.ts";
import type { Outcome } from "../destinations/destination/outcome.ts";
import { Delivery, DestinationGone, type Settled } from "./deliver-records.ts";

const record = (no: number): BatchRecord => ({
  record: {
    id: `x-requests-${no}`,
    surface: "requests",
    no,
    at: 0,
    installation: "https://kubewitness.test",
    test: false,
    entry: {},
  },
  text: `{"no":${no}}`,
});
const records = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => record(from + index));

let sent: number[][];
let settled: { upTo: number; taken: number[]; dead: number[] }[];
let reasons: string[];
let waits: number[];
let full: string | null;
/** What a batch of these numbers comes to. */
let answer: (numbers: number[]) => Outcome;

const numbersOf = (batch: readonly BatchRecord[]) => batch.map(({ record: { no } }) => no);
const deliver = (all: BatchRecord[], upTo: number) =>
  new Delivery({
    send: async (batch: Batch) => {
      sent.push(numbersOf(batch.records));
      return answer(numbersOf(batch.records));
    },
    settle: async ({ upTo, taken, dead }: Settled) => {
      settled.push({ upTo, taken: numbersOf(taken), dead: numbersOf(dead.map((letter) => letter.record)) });
    },
    fail: async (reason) => void reasons.push(reason),
    wait: async (milliseconds) => {
      waits.push(milliseconds);
      await setImmediate();
    },
    refuseDead: async () => full,
  }).deliver(all, upTo);

beforeEach(() => {
  sent = [];
  settled = [];
  reasons = [];
  waits = [];
  full = null;
  answer = () => ({ is: "taken" });
});

describe("records are sent until each is settled", () => {
  test("what is taken is settled up to the number behind which nothing else matches", async () => {
    await deliver(records(1, 3), 9);
    expect({ sent, settled }).toEqual({
      sent: [[1, 2, 3]],
      settled: [{ upTo: 9, taken: [1, 2, 3], dead: [] }],
    });
  });

  test("what is refused is found in halves, in order, and all before it is settled already", async () => {
    answer = (numbers) =>
      numbers.includes(3) ? { is: "refused", because: "records", reason: "bad" } : { is: "taken" };
    await deliver(records(1, 4), 6);
    expect(sent).toEqual([[1, 2, 3, 4], [1, 2], [3, 4], [3], [4]]);
    expect(settled).toEqual([
      { upTo: 2, taken: [1, 2], dead: [] },
      { upTo: 3, taken: [], dead: [3] },
      { upTo: 6, taken: [4], dead: [] },
    ]);
    expect(reasons).toEqual([]);
  });

  test("a receiver that names what it refuses is believed: some never come again, some do", async () => {
    let tries = 0;
    answer = (numbers) => {
      tries += 1;
      if (tries > 1) return { is: "taken" };
      return {
        is: "partly",
        refused: [
          { index: 1, reason: "mapping", forGood: true },
          { index: numbers.length - 1, reason: "busy", forGood: false },
        ],
      };
    };
    await deliver(records(1, 4), 4);
    expect(sent).toEqual([[1, 2, 3, 4], [4]]);
    expect(settled).toEqual([{ upTo: 4, taken: [1, 3, 4], dead: [2] }]);
    expect(reasons).toEqual(["busy"]);
  });

  test("later and a failure of the way there are tried again with growing pauses, as long as is asked for", async () => {
    const outcomes: (() => Outcome)[] = [
      () => ({ is: "later", reason: "busy", retryAfterMs: 90_000 }),
      () => {
        throw new Error("ECONNRESET");
      },
      () => ({ is: "refused", because: "access", reason: "401" }),
    ];
    answer = () => (outcomes.shift() ?? (() => ({ is: "taken" })))();
    await deliver(records(1, 2), 2);
    expect(reasons).toEqual(["busy", "ECONNRESET", "401"]);
    expect(waits[0]).toBe(90_000);
    expect(waits[1]).toBeGreaterThanOrEqual(1_000);
    expect(waits[2]).toBeGreaterThanOrEqual(2_000);
    expect(waits[2]).toBeLessThanOrEqual(4_000);
    expect(settled).toEqual([{ upTo: 2, taken: [1, 2], dead: [] }]);
  });

  test("a single record that is too large is a dead letter; with too many of them nothing goes on", async () => {
    answer = () => ({ is: "tooLarge", reason: "413" });
    full = "10,000 records were refused for good.";
    const stuck = deliver(records(1, 1), 1);
    await expect.poll(() => waits.length).toBeGreaterThan(0);
    expect(settled).toEqual([]);
    full = null;
    await stuck;
    expect(settled).toEqual([{ upTo: 1, taken: [], dead: [1] }]);
    expect(reasons[0]).toBe("10,000 records were refused for good. The last one was refused: 413");
  });

  test("a receiver that refuses everything is asked ever more slowly", async () => {
    answer = () => ({ is: "refused", because: "records", reason: "no" });
    await deliver(records(1, 16), 16);
    expect(settled.flatMap(({ dead }) => dead)).toEqual(numbersOf(records(1, 16)));
    expect(waits).toHaveLength(6);
  });

  test("one that is gone for good ends it, with nothing settled", async () => {
    answer = () => ({ is: "gone", reason: "410" });
    await expect(deliver(records(1, 2), 2)).rejects.toThrow(DestinationGone);
    expect(settled).toEqual([]);
  });
});
