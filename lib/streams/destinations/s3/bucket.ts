import { createHash } from "node:crypto";
import { AwsV4Signer } from "aws4fetch";
import type { DestinationTls, DestinationTools } from "../destination/destination.ts";
import { type Answer, HttpReceiver } from "../http/receiver.ts";

interface BucketSettings {
  endpoint: string;
  region: string;
  bucket: string;
  accessKeyId: string;
  secretAccessKey: string;
}

/** Objects of one bucket, addressed by path, which every S3-compatible storage knows. */
export class Bucket {
  readonly #settings: BucketSettings;
  readonly #receiver: HttpReceiver;

  constructor(settings: BucketSettings, tools: DestinationTools, tls: DestinationTls) {
    this.#settings = settings;
    this.#receiver = new HttpReceiver(tools, tls);
  }

  /** The signature covers the body's SHA-256; a bucket with object lock wants its MD5 besides. */
  put(name: string, { body, type }: { body: Buffer; type: string }, signal: AbortSignal): Promise<Answer> {
    const headers = {
      "content-type": type,
      "content-md5": createHash("md5").update(body).digest("base64"),
    };
    return this.#ask("PUT", name, { headers, body, signal });
  }

  /** `most`: bytes of the object. */
  get(name: string, most: number, signal: AbortSignal): Promise<Answer> {
    return this.#ask("GET", name, { headers: {}, most, signal });
  }

  close(): Promise<void> {
    return this.#receiver.close();
  }

  async #ask(
    method: "PUT" | "GET",
    name: string,
    asking: { headers: Record<string, string>; body?: Buffer; most?: number; signal: AbortSignal },
  ): Promise<Answer> {
    const { endpoint, bucket, region, accessKeyId, secretAccessKey } = this.#settings;
    const sha256 = createHash("sha256")
      .update(asking.body ?? "")
      .digest("hex");
    const signed = await new AwsV4Signer({
      accessKeyId,
      secretAccessKey,
      region,
      service: "s3",
      method,
      url: `${new URL(endpoint).origin}/${bucket}/${name}`,
      headers: { ...asking.headers, "x-amz-content-sha256": sha256 },
    }).sign();
    return this.#receiver.ask({
      ...asking,
      method,
      url: signed.url.href,
      headers: Object.fromEntries(signed.headers),
    });
  }
}
