import { z } from "zod";
import { gatewayConnection } from "../../connection/gateway-connection.ts";
import { RequestError } from "../../request-error.ts";
import { requestJson } from "../../request-json.ts";
import { readEventStream } from "./event-stream.ts";
import { LiveHints, takeTurn } from "./live-turn.ts";
import { untilVisible, wait } from "./waiting.ts";

/**
 * `connecting`: nothing was heard yet. `listening`: what is committed shows up. `stale`: the connection broke a moment ago and is being
 * made again. `lost`: that has not worked for a while. `refused`: the gateway will not have it; asking again is up to the viewer.
 */
export type LiveState = "off" | "connecting" | "listening" | "stale" | "lost" | "refused";

/** What was committed: the newest entries, and whether there are more than those. */
export interface News<Row> {
  entries: Row[];
  more: boolean;
}

export interface LiveFeedOptions<Row> {
  /** The list; its stream is `<endpoint>/live`. */
  endpoint: string;
  /** Window, filter and search, as both take them. */
  question: string;
  afterNo: number;
  rowSchema: z.ZodType<Row>;
  onNews: (news: News<Row>) => void;
  onState: (state: LiveState, problem: string | null) => void;
  lostAfterMs?: number;
}

/** A tab that has not the stream asks this often, and at once when the one that has it tells of something. */
const ASK_MS = 3_000;
/** A tab whose turn it is learns so within this long. */
const TURN_MS = 200;
const MOST_ASKED = 200;
/** The server says something every 15 s. */
const SILENCE_MS = 40_000;
/** A connection that is broken for longer is lost. */
const LOST_AFTER_MS = 8_000;
const RETRY_MS = [250, 1_000, 2_000, 3_000] as const;

/**
 * What is committed from a number on, for one tab: by the stream when it is this tab's turn to hold it, otherwise by asking. A hidden tab
 * does neither; when it is seen again it goes on after the last number that it saw.
 */
export class LiveFeed<Row extends { no: number }> {
  private readonly options: LiveFeedOptions<Row>;
  private readonly end = new AbortController();
  private readonly hints: LiveHints;
  private lastNo: number;
  private failures = 0;
  /** When the connection broke; null while it stands. */
  private brokenAt: number | null = null;
  private wake = () => {};

  constructor(options: LiveFeedOptions<Row>) {
    this.options = options;
    this.lastNo = options.afterNo;
    this.hints = new LiveHints((endpoint) => endpoint === options.endpoint && this.wake());
    options.onState("connecting", null);
    void this.run();
  }

  close(): void {
    this.end.abort();
    this.hints.close();
    this.wake();
  }

  private async run(): Promise<void> {
    // Nobody there: asked again as soon as somebody is.
    const stopWatching = gatewayConnection.subscribe(() => {
      if (gatewayConnection.current().state === "answering") this.wake();
    });
    while (!this.end.signal.aborted) {
      const hidden = await untilVisible(this.end.signal);
      if (!hidden) break;
      await this.follow(AbortSignal.any([this.end.signal, hidden]));
    }
    stopWatching();
  }

  /** Until the tab is hidden. */
  private async follow(signal: AbortSignal): Promise<void> {
    const turn = new AbortController();
    const streamed = takeTurn(signal, async () => {
      turn.abort();
      this.wake();
      await this.repeat(signal, async () => {
        await this.stream(signal);
        await this.rest(RETRY_MS[0], signal);
      });
    });
    await wait(TURN_MS, turn.signal);
    const asking = AbortSignal.any([signal, turn.signal]);
    await this.repeat(asking, async () => {
      await this.ask(asking);
      await this.rest(ASK_MS, asking);
    });
    await streamed;
  }

  /** Again and again; after a failure with a pause that grows. */
  private async repeat(signal: AbortSignal, once: () => Promise<void>): Promise<void> {
    while (!signal.aborted) {
      try {
        await once();
      } catch (error) {
        if (signal.aborted) return;
        const pause = this.fail(error);
        if (pause === null) return this.end.abort();
        await this.rest(pause, signal);
      }
    }
  }

  private async stream(signal: AbortSignal): Promise<void> {
    const silence = new AbortController();
    let timer = setTimeout(() => silence.abort(), SILENCE_MS);
    const { endpoint, question, rowSchema } = this.options;
    const Committed = z.object({ lastNo: z.number(), entries: z.array(rowSchema), more: z.boolean() });
    try {
      await readEventStream(`${endpoint}/live?${question}&afterNo=${this.lastNo}`, {
        signal: AbortSignal.any([signal, silence.signal]),
        onHeard: () => {
          clearTimeout(timer);
          timer = setTimeout(() => silence.abort(), SILENCE_MS);
          this.heard();
        },
        onEvent: ({ name, data }) => {
          if (name !== "committed") return;
          const { lastNo, entries, more } = Committed.parse(JSON.parse(data));
          this.lastNo = Math.max(this.lastNo, lastNo);
          this.hints.send(endpoint);
          this.options.onNews({ entries, more });
        },
      });
    } finally {
      clearTimeout(timer);
    }
  }

  private async ask(signal: AbortSignal): Promise<void> {
    const { endpoint, question, rowSchema } = this.options;
    const List = z.object({ entries: z.array(rowSchema), next: z.string().nullable() });
    const path = `${endpoint}?${question}&afterNo=${this.lastNo}&limit=${MOST_ASKED}`;
    const { entries, next } = await requestJson(path, List, { signal });
    this.heard();
    if (entries.length === 0) return;
    this.lastNo = Math.max(this.lastNo, ...entries.map(({ no }) => no));
    this.options.onNews({ entries, more: next !== null });
  }

  private heard(): void {
    this.failures = 0;
    this.brokenAt = null;
    this.options.onState("listening", null);
  }

  /** How long to wait, or null where asking again is of no use. */
  private fail(error: unknown): number | null {
    const problem = error instanceof Error ? error.message : String(error);
    const status = error instanceof RequestError ? error.status : 0;
    if (status >= 400 && status < 500 && status !== 429) {
      this.options.onState("refused", problem);
      return null;
    }
    this.brokenAt ??= Date.now();
    const isLost = Date.now() - this.brokenAt >= (this.options.lostAfterMs ?? LOST_AFTER_MS);
    this.options.onState(isLost ? "lost" : "stale", problem);
    this.failures += 1;
    return RETRY_MS[Math.min(this.failures, RETRY_MS.length) - 1] ?? RETRY_MS[0];
  }

  /** Ends early when there is a reason to go on: a hint, or the gateway is back. */
  private async rest(milliseconds: number, signal: AbortSignal): Promise<void> {
    const woken = new AbortController();
    this.wake = () => woken.abort();
    await wait(milliseconds, AbortSignal.any([signal, woken.signal]));
    this.wake = () => {};
  }
}
