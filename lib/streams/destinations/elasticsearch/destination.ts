import type { z } from "zod";
import { tlsOptions } from "../connection/tls-options.ts";
import type { Batch, Destination, DestinationKind, DestinationTools } from "../destination/destination.ts";
import type { Outcome } from "../destination/outcome.ts";
import { judge } from "../http/judge.ts";
import { type Answer, HttpReceiver } from "../http/receiver.ts";
import { sendByHttp } from "../http/send-by-http.ts";
import { BULK_FILTER, BulkAnswer, readBulk, writeBulk } from "./bulk.ts";
import type { ElasticsearchSecrets, ElasticsearchSettings } from "./schema.ts";

type Settings = z.infer<typeof ElasticsearchSettings>;
type Secrets = z.infer<typeof ElasticsearchSecrets>;

export const elasticsearch: DestinationKind<Settings, Secrets> = {
  open: ({ settings, secrets, tools }) => new Elasticsearch(settings, secrets, tools),
};

/** An item of the answer, with an error in it, has some hundred bytes. */
const MOST_ANSWER = 4_000_000;

/** Creates documents by `_bulk`, of Elasticsearch and of OpenSearch. */
class Elasticsearch implements Destination {
  readonly #tools: DestinationTools;
  readonly #receiver: HttpReceiver;
  readonly #url: string;
  readonly #compress: boolean;
  readonly #authorization: string | null;
  readonly #secrets: readonly string[];

  constructor(settings: Settings, secrets: Secrets, tools: DestinationTools) {
    this.#tools = tools;
    this.#receiver = new HttpReceiver(tools, tlsOptions({ ...settings, ...secrets }));
    this.#url = bulkUrl(settings);
    this.#compress = settings.compress;
    this.#authorization = authorizationOf(settings, secrets);
    this.#secrets = [secrets.apiKey, secrets.password, this.#authorization?.split(" ")[1] ?? ""];
  }

  send({ records }: Batch, signal: AbortSignal): Promise<Outcome> {
    return sendByHttp(async () => {
      const headers = {
        "content-type": "application/x-ndjson",
        ...(this.#authorization && { authorization: this.#authorization }),
      };
      const body = writeBulk(records);
      const sent = { url: this.#url, headers, body, compress: this.#compress };
      const answer = await this.#receiver.ask({ ...sent, most: MOST_ANSWER, signal });
      const refused = judge(answer, { secrets: this.#secrets, now: this.#tools.now() });
      // A bulk request is answered with 400 where it cannot be read as a whole.
      return refused ?? this.#readItems(answer, records.length);
    });
  }

  close(): Promise<void> {
    return this.#receiver.close();
  }

  #readItems(answer: Answer, sent: number): Outcome {
    const bulk = readAnswer(answer);
    if (bulk === null || (bulk.errors && bulk.items.length !== sent)) return UNREADABLE;
    if (!bulk.errors) return { is: "taken" };
    const { refused, access } = readBulk(bulk, this.#secrets);
    if (access) return { is: "refused", because: "access", reason: access };
    return refused.length === 0 ? { is: "taken" } : { is: "partly", refused };
  }
}

const UNREADABLE: Outcome = {
  is: "later",
  reason:
    "it answered with something that is no answer to a bulk request: check that the address is Elasticsearch's or OpenSearch's",
};

function readAnswer({ body, cut }: Answer): BulkAnswer | null {
  if (cut) return null;
  try {
    return BulkAnswer.parse(JSON.parse(body.toString("utf8")));
  } catch {
    return null;
  }
}

function bulkUrl({ url, index, pipeline }: Settings): string {
  const bulk = new URL(url);
  bulk.pathname = `${bulk.pathname.replace(/\/$/, "")}/${encodeURIComponent(index)}/_bulk`;
  bulk.searchParams.set("filter_path", BULK_FILTER);
  if (pipeline !== "") bulk.searchParams.set("pipeline", pipeline);
  return bulk.href;
}

/** An API key counts before a password. */
function authorizationOf({ username }: Settings, { apiKey, password }: Secrets): string | null {
  if (apiKey !== "") return `ApiKey ${apiKey}`;
  if (username === "") return null;
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}
