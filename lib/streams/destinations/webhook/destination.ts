import type { z } from "zod";
import { readHeaders, secretsIn } from "../connection/schema.ts";
import { tlsOptions } from "../connection/tls-options.ts";
import type { Batch, Destination, DestinationKind, DestinationTools } from "../destination/destination.ts";
import type { Outcome } from "../destination/outcome.ts";
import { judge } from "../http/judge.ts";
import { HttpReceiver } from "../http/receiver.ts";
import { sendByHttp } from "../http/send-by-http.ts";
import { BODIES } from "./body.ts";
import type { WebhookSecrets, WebhookSettings } from "./schema.ts";
import { newSigningSecret, signatureHeaders } from "./sign.ts";

type Settings = z.infer<typeof WebhookSettings>;
type Secrets = z.infer<typeof WebhookSecrets>;

export const webhook: DestinationKind<Settings, Secrets> = {
  open: ({ settings, secrets, tools }) => new Webhook(settings, secrets, tools),
  makeSecrets: ({ signingSecret }): Record<string, string> =>
    signingSecret ? {} : { signingSecret: newSigningSecret() },
};

/** Posts each batch as one signed request. A batch that is sent again has the same `webhook-id`. */
class Webhook implements Destination {
  readonly #settings: Settings;
  readonly #headers: Record<string, string>;
  readonly #signingSecret: string;
  readonly #secrets: readonly string[];
  readonly #tools: DestinationTools;
  readonly #receiver: HttpReceiver;

  constructor(settings: Settings, secrets: Secrets, tools: DestinationTools) {
    if (!secrets.signingSecret) throw new Error("The webhook has no signing secret: give it one");
    this.#settings = settings;
    this.#headers = readHeaders(secrets.headers);
    this.#signingSecret = secrets.signingSecret;
    this.#secrets = [secrets.signingSecret, ...secretsIn(this.#headers)];
    this.#tools = tools;
    this.#receiver = new HttpReceiver(tools, tlsOptions({ ...settings, ...secrets }));
  }

  async send({ id, records }: Batch, signal: AbortSignal): Promise<Outcome> {
    const { type, write } = BODIES[this.#settings.body];
    const body = write(records);
    if (body === null) return NO_EVENTS;
    return sendByHttp(async () => {
      const headers = {
        ...this.#headers,
        "content-type": type,
        ...signatureHeaders(this.#signingSecret, { id: `msg_${id}`, body, at: this.#tools.now() }),
      };
      const answer = await this.#receiver.ask({ url: this.#settings.url, headers, body, signal });
      return judge(answer, { secrets: this.#secrets, now: this.#tools.now() }) ?? { is: "taken" };
    });
  }

  close(): Promise<void> {
    return this.#receiver.close();
  }
}

const NO_EVENTS: Outcome = {
  is: "refused",
  because: "access",
  reason: "an EventList takes records of the format Kubernetes audit, and this stream's format is another",
};
