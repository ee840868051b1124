import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";
import { tlsOptions } from "../connection/tls-options.ts";
import type { Batch, Destination, DestinationKind, DestinationTools } from "../destination/destination.ts";
import type { Outcome } from "../destination/outcome.ts";
import { judge } from "../http/judge.ts";
import { type Answer, HttpReceiver } from "../http/receiver.ts";
import { sendByHttp } from "../http/send-by-http.ts";
import { writeEvents } from "./event.ts";
import type { SplunkSecrets, SplunkSettings } from "./schema.ts";

type Settings = z.infer<typeof SplunkSettings>;
type Secrets = z.infer<typeof SplunkSecrets>;

export const splunk: DestinationKind<Settings, Secrets> = {
  open: ({ settings, secrets, tools }) => new Splunk(settings, secrets, tools),
};

/** Within the 60 s that a batch has, with room for a last question. */
const ACKNOWLEDGED_WITHIN_MS = 50_000;
const FIRST_QUESTION_MS = 100;
const MOST_BETWEEN_MS = 2_000;

/**
 * What the collector says of a batch in its body.
 * https://docs.splunk.com/Documentation/Splunk/latest/Data/TroubleshootHTTPEventCollector#Possible_error_codes
 */
const Said = z.object({ text: z.string().optional(), code: z.int().optional(), ackId: z.int().optional() });
const Acks = z.object({ acks: z.record(z.string(), z.boolean()) });
/** Codes of an answer 400 that speak of the token and not of an event: a wrong index; no channel, a wrong one; acknowledgement is off. */
const OF_ACCESS: Readonly<Record<number, string>> = {
  7: "name an index that the token may write to",
  10: "the address is not that of an HTTP Event Collector",
  11: "the address is not that of an HTTP Event Collector",
  14: "turn on indexer acknowledgement for the token, or turn off Wait for the indexers here",
};

/** Sends batches to an HTTP Event Collector. With acknowledgement, a batch is taken when the indexers have it: till then it is Splunk's memory alone. */
class Splunk implements Destination {
  readonly #settings: Settings;
  readonly #token: string;
  readonly #tools: DestinationTools;
  readonly #receiver: HttpReceiver;
  readonly #url: URL;

  constructor(settings: Settings, secrets: Secrets, tools: DestinationTools) {
    this.#settings = settings;
    this.#token = secrets.token;
    this.#tools = tools;
    this.#receiver = new HttpReceiver(tools, tlsOptions({ ...settings, ...secrets }));
    this.#url = new URL(settings.url);
    if (this.#url.pathname === "/") this.#url.pathname = "/services/collector/event";
  }

  send({ records }: Batch, signal: AbortSignal): Promise<Outcome> {
    return sendByHttp(async () => {
      const url = this.#url.href;
      const answer = await this.#ask(url, writeEvents(records, this.#settings), signal);
      const refused = this.#judge(answer);
      if (refused) return refused;
      if (!this.#settings.acknowledge) return { is: "taken" };
      const ackId = read(Said, answer)?.ackId;
      if (ackId === undefined) return NO_ACKNOWLEDGEMENT;
      return this.#acknowledged(ackId, signal);
    });
  }

  close(): Promise<void> {
    return this.#receiver.close();
  }

  #ask(url: string, body: string, signal: AbortSignal): Promise<Answer> {
    const headers = {
      authorization: `Splunk ${this.#token}`,
      "content-type": "application/json",
      // A channel is a client's own; acknowledgements are numbered within it.
      "x-splunk-request-channel": this.#tools.stream.id,
    };
    return this.#receiver.ask({ url, headers, body, compress: this.#settings.compress, signal });
  }

  #judge(answer: Answer): Outcome | null {
    const refused = judge(answer, { secrets: [this.#token], now: this.#tools.now() });
    if (refused?.is !== "refused") return refused;
    const advice = OF_ACCESS[read(Said, answer)?.code ?? -1];
    return advice ? { is: "refused", because: "access", reason: `${refused.reason}: ${advice}` } : refused;
  }

  /** An answer is given once: what was asked for and lost counts as not acknowledged, and the batch is sent again. */
  async #acknowledged(ackId: number, signal: AbortSignal): Promise<Outcome> {
    const url = new URL("/services/collector/ack", this.#url);
    url.searchParams.set("channel", this.#tools.stream.id);
    const until = this.#tools.now() + ACKNOWLEDGED_WITHIN_MS;
    let pause = FIRST_QUESTION_MS;
    while (this.#tools.now() < until) {
      const answer = await this.#ask(url.href, JSON.stringify({ acks: [ackId] }), signal);
      const refused = this.#judge(answer);
      if (refused) return refused.is === "refused" ? { ...refused, because: "access" } : refused;
      if (read(Acks, answer)?.acks[String(ackId)] === true) return { is: "taken" };
      await wait(pause, undefined, { signal });
      pause = Math.min(pause * 2, MOST_BETWEEN_MS);
    }
    return {
      is: "later",
      reason: `the indexers have not acknowledged a batch within ${ACKNOWLEDGED_WITHIN_MS / 1_000} s: check that they index`,
    };
  }
}

const NO_ACKNOWLEDGEMENT: Outcome = {
  is: "refused",
  because: "access",
  reason: `it took the records and gave no number to ask for their acknowledgement with: ${OF_ACCESS[14]}`,
};

/** What an answer says; undefined where it is something else. */
function read<Schema extends z.ZodType>(schema: Schema, { body }: Answer): z.infer<Schema> | undefined {
  try {
    return schema.parse(JSON.parse(body.toString("utf8")));
  } catch {
    return undefined;
  }
}
