import { ABSENT_FIELDS, type KubeRequestEntry } from "../../audit/entry/entry.ts";
import {
  entryRecorded,
  type Intent,
  type RecordDone,
  type Recorder,
  type RecordOptions,
} from "../../audit/pipeline/recorder.ts";
import { networkOf } from "../../http/ip-address.ts";
import {
  type FailureLimits,
  FailureWindows,
  type UnrecordedFailures,
} from "../../identity/failed-authentication/windows.ts";
import { ConcurrencyLimit } from "../../limits/concurrency-limit.ts";
import { log } from "../../log.ts";
import { newCallId } from "./call-id.ts";

export interface StrangerLimits extends FailureLimits {
  /** From so many calls of one network within a window on, few of its tokens that are not in use are looked up at once. */
  freeLookUps: number;
  /** So few. */
  lookUpsAtOnce: number;
  /** Networks with an entry of their own about what was counted; those beyond have one together. */
  summaries: number;
}

export const STRANGER_LIMITS: StrangerLimits = {
  windowMs: 60_000,
  recordedOfNetwork: 10,
  recordedInAll: 500,
  networks: 10_000,
  freeLookUps: 100,
  lookUpsAtOnce: 4,
  summaries: 100,
};

/**
 * The recorder for calls of nobody known: the first ones of a network in a minute have an entry each, those that follow one entry a
 * minute that says how many they were, so that nobody can fill the record without a token and nothing goes unsaid.
 */
export class StrangerRecorder implements Recorder {
  readonly #recorder: Recorder;
  readonly #limits: StrangerLimits;
  readonly #windows: FailureWindows;
  readonly #lookUps: ConcurrencyLimit;
  #timer: NodeJS.Timeout | null = null;

  constructor(recorder: Recorder, limits: StrangerLimits = STRANGER_LIMITS) {
    this.#recorder = recorder;
    this.#limits = limits;
    this.#windows = new FailureWindows(limits);
    this.#lookUps = new ConcurrencyLimit(limits.lookUpsAtOnce);
  }

  admission(): ReturnType<Recorder["admission"]> {
    return this.#recorder.admission();
  }

  recordIntent(entry: KubeRequestEntry, options?: RecordOptions): Intent {
    return this.#recorder.recordIntent(entry, options);
  }

  recordEntry(entry: KubeRequestEntry, options: RecordOptions | undefined, done: RecordDone): void {
    if (entry.actor.kind !== "anonymous") {
      this.#recorder.recordEntry(entry, options, done);
      return;
    }
    const recorded = this.#windows.count(networkOf(entry.clientIp), Date.now());
    this.#watch();
    if (recorded) this.#recorder.recordEntry(entry, undefined, done);
    // What is counted is told later; nobody waits for it.
    else done("recorded");
  }

  /**
   * Takes a place to look up a token that is not in use; returns what gives it back, or null where the network has too many. Nobody is locked
   * out by others behind the same address: a place is free again as soon as the database has answered.
   */
  takeLookUp(clientIp: string | null): (() => void) | null {
    const network = networkOf(clientIp);
    const { failures } = this.#windows.failuresOf(network, Date.now());
    return failures < this.#limits.freeLookUps ? () => {} : this.#lookUps.take(network);
  }

  /** Records what was counted alone: once a minute, and when the process ends. */
  async recordCounted(): Promise<void> {
    const taken = this.#windows.takeUnrecorded(Date.now());
    const { summaries } = this.#limits;
    for (const each of [...taken.slice(0, summaries), ...together(taken.slice(summaries))]) {
      try {
        await entryRecorded(this.#recorder, summaryOf(each));
      } catch (error) {
        log.error({ err: error }, "counted calls without a token could not be recorded; they are kept");
        this.#windows.putBack(each, Date.now());
      }
    }
  }

  /** Tells what was counted, and stops looking. */
  async stop(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    await this.recordCounted();
  }

  /** Looks again when the window is over, as long as there is something to tell or to forget. */
  #watch(): void {
    if (this.#timer !== null) return;
    this.#timer = setTimeout(async () => {
      await this.recordCounted();
      this.#timer = null;
      if (!this.#windows.isEmpty) this.#watch();
    }, this.#limits.windowMs);
    this.#timer.unref();
  }
}

function together(rest: UnrecordedFailures[]): UnrecordedFailures[] {
  if (rest.length === 0) return [];
  const failures = rest.reduce((sum, each) => sum + each.failures, 0);
  return [{ network: null, failures, since: Math.min(...rest.map(({ since }) => since)) }];
}

/** One entry for many calls: of them it has the address and what they have in common. */
function summaryOf({ network, failures, since }: UnrecordedFailures): KubeRequestEntry {
  const from = network === null ? "from many other addresses" : "from this address";
  return {
    ...ABSENT_FIELDS,
    callId: newCallId(),
    stage: "complete",
    executedAt: Date.now(),
    result: "failure",
    actor: { kind: "anonymous", id: "", name: "", email: "" },
    clientIp: network,
    cluster: { id: "", name: "", endpoint: "" },
    // As a role's rule writes "whichever".
    verb: "*",
    message: `${failures} more calls without a token that counts ${from} since ${new Date(since).toISOString()} were counted and not recorded one by one`,
    userAgent: null,
    accessMethod: "CLI",
    body: null,
  };
}
