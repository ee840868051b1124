import { createHash } from "node:crypto";
import type { Batch, BatchRecord } from "../destinations/destination/destination.ts";
import type { Outcome } from "../destinations/destination/outcome.ts";
import { backOffMs } from "./back-off.ts";

/** A record that is never sent again by itself, and why. */
export interface DeadLetter {
  record: BatchRecord;
  reason: string;
}

/** What is over: taken, or refused for good. Its records are at the beginning of what is left. */
export interface Settled {
  /** Nothing before this number is open. */
  upTo: number;
  taken: BatchRecord[];
  dead: DeadLetter[];
}

/** What delivering takes of its stream. */
export interface DeliveryPorts {
  /** Sends once. Rejects where the stream ends meanwhile. */
  send(batch: Batch): Promise<Outcome>;
  /** Keeps what is over. Resolves when it is kept for good. */
  settle(settled: Settled): Promise<void>;
  /** Tells why it does not get on. */
  fail(reason: string): Promise<void>;
  /** Rejects where the stream ends meanwhile. */
  wait(milliseconds: number): Promise<void>;
  /** Why no more dead letters are taken; null where they are. */
  refuseDead(): Promise<string | null>;
}

/** The receiver is gone for good: the stream stops. */
export class DestinationGone extends Error {}

interface Part {
  records: BatchRecord[];
  upTo: number;
}

/** So many refused one after another without one taken: from then on they are sent slowly. */
const REFUSED_IN_A_ROW = 10;
const SLOWLY = 3;

/**
 * Sends records in their order until each is taken or refused for good, however often that takes. Resolves when all are settled.
 * @throws DestinationGone, and what the ports reject with.
 */
export class Delivery {
  readonly #ports: DeliveryPorts;
  #failures = 0;
  #refusedInARow = 0;

  constructor(ports: DeliveryPorts) {
    this.#ports = ports;
  }

  /** `upTo`: behind them, where nothing else matches. */
  async deliver(records: BatchRecord[], upTo: number): Promise<void> {
    const open: Part[] = [{ records, upTo }];
    for (let part = open.shift(); part; part = open.shift()) open.unshift(...(await this.#deliverPart(part)));
  }

  /** Answers the halves that it has to be sent in. */
  async #deliverPart({ records, upTo }: Part): Promise<Part[]> {
    const settled: Settled = { upTo, taken: [], dead: [] };
    let left = records;
    while (left.length > 0) {
      const outcome = await this.#send(left);
      if (outcome.is === "taken") {
        settled.taken.push(...left);
        left = [];
      } else if (outcome.is === "partly") {
        left = await this.#takePartly(left, outcome, settled);
      } else if (outcome.is === "tooLarge" || (outcome.is === "refused" && outcome.because === "records")) {
        if (left.length > 1) return this.#halve(left, settled);
        await this.#bury(settled, left, outcome.reason);
        left = [];
      } else if (outcome.is === "gone") {
        throw new DestinationGone(outcome.reason);
      } else {
        await this.#backOff(outcome.reason, outcome.is === "later" ? outcome.retryAfterMs : undefined);
        continue;
      }
      this.#failures = 0;
    }
    if (settled.taken.length > 0) this.#refusedInARow = 0;
    await this.#ports.settle(settled);
    return [];
  }

  async #send(records: BatchRecord[]): Promise<Outcome> {
    try {
      return await this.#ports.send(batchOf(records));
    } catch (error) {
      if (error instanceof StreamEnds) throw error;
      return { is: "later", reason: error instanceof Error ? error.message || error.name : String(error) };
    }
  }

  async #takePartly(
    records: BatchRecord[],
    { refused }: Extract<Outcome, { is: "partly" }>,
    settled: Settled,
  ): Promise<BatchRecord[]> {
    const byIndex = new Map(refused.map((each) => [each.index, each]));
    settled.taken.push(...records.filter((_, index) => !byIndex.has(index)));
    for (const { index, reason } of refused.filter(({ forGood }) => forGood))
      await this.#bury(settled, records.slice(index, index + 1), reason);
    const again = refused.filter(({ forGood }) => !forGood);
    if (again.length > 0) await this.#backOff(again[0]!.reason);
    const left = new Set(again.map(({ index }) => index));
    return records.filter((_, index) => left.has(index));
  }

  /** What is settled of them stays so: the halves have the rest. */
  async #halve(records: BatchRecord[], settled: Settled): Promise<Part[]> {
    const middle = Math.ceil(records.length / 2);
    const first = records.slice(0, middle);
    if (settled.taken.length > 0 || settled.dead.length > 0)
      await this.#ports.settle({ ...settled, upTo: records[0]!.record.no - 1 });
    return [
      { records: first, upTo: first.at(-1)!.record.no },
      { records: records.slice(middle), upTo: settled.upTo },
    ];
  }

  async #bury(settled: Settled, records: BatchRecord[], reason: string): Promise<void> {
    for (let full = await this.#ports.refuseDead(); full !== null; full = await this.#ports.refuseDead())
      await this.#backOff(`${full} The last one was refused: ${reason}`);
    settled.dead.push(...records.map((record) => ({ record, reason })));
    this.#refusedInARow += 1;
    if (this.#refusedInARow > REFUSED_IN_A_ROW) await this.#ports.wait(backOffMs(SLOWLY));
  }

  async #backOff(reason: string, retryAfterMs?: number): Promise<void> {
    this.#failures += 1;
    await this.#ports.fail(reason);
    await this.#ports.wait(backOffMs(this.#failures, retryAfterMs));
  }
}

/** The stream is paused, changed, removed, or another process has it. */
export class StreamEnds extends Error {}

/** A batch is named by what is in it. */
export function batchOf(records: BatchRecord[]): Batch {
  const hash = createHash("sha256");
  let bytes = 0;
  for (const { record, text } of records) {
    hash.update(record.id).update("\n");
    bytes += Buffer.byteLength(text);
  }
  return { id: hash.digest("hex").slice(0, 32), records, bytes };
}
