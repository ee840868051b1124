import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { zstdCompress } from "node:zlib";
import type { z } from "zod";
import { tlsOptions } from "../connection/tls-options.ts";
import type { Batch, Destination, DestinationKind, DestinationTools } from "../destination/destination.ts";
import type { Outcome } from "../destination/outcome.ts";
import { judge } from "../http/judge.ts";
import type { Answer } from "../http/receiver.ts";
import { sendByHttp } from "../http/send-by-http.ts";
import { Bucket } from "./bucket.ts";
import { byHour, type HourPart, objectName } from "./hours.ts";
import { Manifests } from "./manifests.ts";
import type { S3Secrets, S3Settings } from "./schema.ts";

type Settings = z.infer<typeof S3Settings>;
type Secrets = z.infer<typeof S3Secrets>;

export const s3: DestinationKind<Settings, Secrets> = {
  open: ({ settings, secrets, tools }) => new S3(settings, secrets, tools),
};

const compress = promisify(zstdCompress);
const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

/** Writes each batch as objects of its hours, and each object into its hour's manifest: docs/decisions/0236-objects-are-named-by-where-they-begin.md. */
class S3 implements Destination {
  readonly #settings: Settings;
  readonly #secrets: Secrets;
  readonly #tools: DestinationTools;
  readonly #bucket: Bucket;
  readonly #manifests: Manifests;

  constructor(settings: Settings, secrets: Secrets, tools: DestinationTools) {
    this.#settings = settings;
    this.#secrets = secrets;
    this.#tools = tools;
    this.#bucket = new Bucket({ ...settings, ...secrets }, tools, tlsOptions({ ...settings, ...secrets }));
    this.#manifests = new Manifests(this.#bucket, {
      prefix: settings.prefix,
      judge: (answer) => this.#judge(answer),
      stream: tools.stream,
    });
  }

  send({ records, again = false }: Batch, signal: AbortSignal): Promise<Outcome> {
    return sendByHttp(async () => {
      for (const part of byHour(records)) {
        const refused = await this.#store(part, again, signal);
        if (refused) return refused;
      }
      return { is: "taken" };
    });
  }

  close(): Promise<void> {
    return this.#bucket.close();
  }

  async #store(part: HourPart, again: boolean, signal: AbortSignal): Promise<Outcome | null> {
    const { folder, records } = part;
    const { installation } = records[0]!.record;
    const notOurs = await this.#manifests.open(folder, { installation, signal });
    if (notOurs) return notOurs;
    const lines = Buffer.from(records.map(({ text }) => `${text}\n`).join(""));
    const stored = await compress(lines);
    const name = objectName(part, again);
    const put = { body: stored, type: "application/zstd" };
    const refused = this.#judge(await this.#bucket.put(`${this.#settings.prefix}${name}`, put, signal));
    if (refused) return refused;
    const object = {
      name: name.slice(folder.length),
      from: records[0]!.record.no,
      to: records.at(-1)!.record.no,
      records: records.length,
      bytes: lines.length,
      storedBytes: stored.length,
      sha256: sha256(stored),
      contentSha256: sha256(lines),
    };
    return this.#manifests.add(object, signal);
  }

  /** A storage's 400 speaks of the request, never of a record. */
  #judge(answer: Answer): Outcome | null {
    const { accessKeyId, secretAccessKey } = this.#secrets;
    const refused = judge(answer, { secrets: [accessKeyId, secretAccessKey], now: this.#tools.now() });
    return refused?.is === "refused" ? { ...refused, because: "access" } : refused;
  }
}
