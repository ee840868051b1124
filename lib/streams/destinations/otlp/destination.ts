import type { z } from "zod";
import { readHeaders, secretsIn } from "../connection/schema.ts";
import { tlsOptions } from "../connection/tls-options.ts";
import type { Batch, Destination, DestinationKind, DestinationTools } from "../destination/destination.ts";
import type { Outcome } from "../destination/outcome.ts";
import { judge, withoutSecrets } from "../http/judge.ts";
import { type Answer, HttpReceiver } from "../http/receiver.ts";
import { sendByHttp } from "../http/send-by-http.ts";
import { type PartialSuccess, readJsonAnswer, readProtobufAnswer } from "./export-answer.ts";
import { encodeJson } from "./json.ts";
import { type LogRecord, logRecordOf, type Resource, resourceOf } from "./log-record.ts";
import { encodeProtobuf } from "./protobuf.ts";
import type { OtlpSecrets, OtlpSettings } from "./schema.ts";

type Settings = z.infer<typeof OtlpSettings>;
type Secrets = z.infer<typeof OtlpSecrets>;

export const otlp: DestinationKind<Settings, Secrets> = {
  open: ({ settings, secrets, tools }) => new Otlp(settings, secrets, tools),
};

interface Encoding {
  type: string;
  encode(resource: Resource, records: readonly LogRecord[]): string | Uint8Array;
  read(body: Buffer): PartialSuccess;
}

const ENCODINGS: Readonly<Record<Settings["encoding"], Encoding>> = {
  json: { type: "application/json", encode: encodeJson, read: readJsonAnswer },
  protobuf: { type: "application/x-protobuf", encode: encodeProtobuf, read: readProtobufAnswer },
};

/** Exports batches as OTLP does. https://opentelemetry.io/docs/specs/otlp/#otlphttp */
class Otlp implements Destination {
  readonly #tools: DestinationTools;
  readonly #receiver: HttpReceiver;
  readonly #url: string;
  readonly #headers: Record<string, string>;
  readonly #encoding: Encoding;
  readonly #compress: boolean;

  constructor(settings: Settings, secrets: Secrets, tools: DestinationTools) {
    this.#tools = tools;
    this.#receiver = new HttpReceiver(tools, tlsOptions({ ...settings, ...secrets }));
    this.#url = logsUrl(settings.url);
    this.#headers = readHeaders(secrets.headers);
    this.#encoding = ENCODINGS[settings.encoding];
    this.#compress = settings.compress;
  }

  send({ records }: Batch, signal: AbortSignal): Promise<Outcome> {
    return sendByHttp(async () => {
      const now = this.#tools.now();
      const { type, encode } = this.#encoding;
      const body = encode(
        resourceOf(records),
        records.map((each) => logRecordOf(each, now)),
      );
      const headers = { ...this.#headers, "content-type": type };
      const sent = { url: this.#url, headers, body, compress: this.#compress };
      const answer = await this.#receiver.ask({ ...sent, signal });
      const secrets = secretsIn(this.#headers);
      return judge(answer, { secrets, now }) ?? this.#readAnswer(answer, secrets);
    });
  }

  close(): Promise<void> {
    return this.#receiver.close();
  }

  #readAnswer(answer: Answer, secrets: readonly string[]): Outcome {
    let partial: PartialSuccess;
    try {
      partial = this.#encoding.read(answer.body);
    } catch {
      return UNREADABLE;
    }
    if (partial.rejected === 0) return { is: "taken" };
    // Which they are is not told: halves of the batch find them, at the price of repeats.
    const words = withoutSecrets(partial.message, secrets).slice(0, 300) || "without a reason";
    return {
      is: "refused",
      because: "records",
      reason: `it rejected ${partial.rejected} log records: ${words}`,
    };
  }
}

const UNREADABLE: Outcome = {
  is: "later",
  reason: "it answered with something that is no answer of OTLP: check that the address takes OTLP over HTTP",
};

function logsUrl(text: string): string {
  const url = new URL(text);
  if (url.pathname === "/") url.pathname = "/v1/logs";
  return url.href;
}
