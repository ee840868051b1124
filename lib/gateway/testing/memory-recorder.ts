import { setTimeout as delay } from "node:timers/promises";
import { KubeRequestEntry } from "../../audit/entry/entry.ts";
import type { Intent, RecordDone, Recorder, RecordOptions } from "../../audit/pipeline/recorder.ts";

/** Keeps what the gateway records, in order, and can be told to fail or to wait. */
export class MemoryRecorder implements Recorder {
  readonly intents: KubeRequestEntry[] = [];
  readonly entries: KubeRequestEntry[] = [];
  full: string | null = null;
  failing = false;
  /** With `audit.sync`: PostgreSQL takes nothing in time. */
  late = false;
  /** Entries wait for it before they count as durable. */
  gate: Promise<void> | null = null;

  admission(): ReturnType<Recorder["admission"]> {
    return this.full === null ? { admitted: true } : { admitted: false, reason: this.full };
  }

  recordIntent(entry: KubeRequestEntry): Intent {
    if (this.failing) throw new Error("disk full");
    this.intents.push(KubeRequestEntry.parse(entry));
    return { isDurable: true, whenDurable: (listener) => listener(null) };
  }

  recordEntry(entry: KubeRequestEntry, _options: RecordOptions | undefined, done: RecordDone): void {
    if (this.failing) {
      done(new Error("disk full"));
      return;
    }
    this.entries.push(KubeRequestEntry.parse(entry));
    const tell = () => done(this.late ? "late" : "recorded");
    if (this.gate === null) tell();
    else void this.gate.then(tell);
  }

  /** Waits until so many entries came, and yields all of them. */
  async atLeast(count: number): Promise<KubeRequestEntry[]> {
    await until(() => this.entries.length >= count, `${count} entries, got ${this.entries.length}`);
    return this.entries;
  }

  clear(): void {
    this.entries.length = 0;
    this.intents.length = 0;
  }
}

/** Polls for a condition, at most twenty seconds. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`waited for ${what}`);
    await delay(5);
  }
}
