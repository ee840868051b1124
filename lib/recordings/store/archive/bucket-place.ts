import { Readable } from "node:stream";
import { AwsV4Signer } from "aws4fetch";
import { request } from "undici";
import { type ArchiveContent, type ArchivePlace, LostData, type Span } from "./archive-place.ts";

export interface BucketOptions {
  /** Origin of the storage; buckets are the first part of the path. */
  endpoint: string;
  region: string;
  bucket: string;
  /** What the names of objects begin with. */
  prefix: string;
  accessKey: string;
  secretKey: string;
}

/** A single PUT takes no more (https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html). */
const MAX_OBJECT_BYTES = 5 * 2 ** 30;
/** Between two parts of an answer, or until its first. */
const SILENCE_MS = 30_000;
/** Of an error's text, and of an answer that has nothing to say. */
const MAX_TEXT_BYTES = 2_048;
const EMPTY_SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

interface Asking {
  method: "PUT" | "GET" | "HEAD" | "DELETE";
  name: string;
  /** Hex, of the body. */
  sha256?: string;
  headers?: Record<string, string>;
  body?: Readable;
  /** Of the answer. */
  mostBytes?: number;
}

/** Recordings as objects of an S3-compatible storage. The signature covers each body's SHA-256, which the storage checks. */
export class BucketPlace implements ArchivePlace {
  readonly name = "bucket";
  readonly root: string;
  readonly #prefix: string;
  readonly #signer: { accessKeyId: string; secretAccessKey: string; service: string; region: string };

  constructor({ endpoint, region, bucket, prefix, accessKey, secretKey }: BucketOptions) {
    this.root = `${endpoint}/${bucket}`;
    this.#prefix = prefix;
    this.#signer = { accessKeyId: accessKey, secretAccessKey: secretKey, service: "s3", region };
  }

  async put(name: string, { bytes, sha256, read }: ArchiveContent): Promise<void> {
    if (bytes > MAX_OBJECT_BYTES)
      throw new Error(
        `${this.#describe(name)} would have ${bytes} bytes, and an object takes ${MAX_OBJECT_BYTES}`,
      );
    const headers = { "content-length": String(bytes), "content-type": "application/octet-stream" };
    const body = Readable.from(read(), { objectMode: false });
    await this.#ask({ method: "PUT", name, sha256, headers, body });
    const stored = await this.#ask({ method: "HEAD", name });
    if (stored.length !== bytes)
      throw new Error(`${this.#describe(name)} has ${stored.length} bytes of ${bytes} after it was put`);
  }

  async read(name: string, { offset, length }: Span): Promise<Buffer> {
    const range = `bytes=${offset}-${offset + length - 1}`;
    const { body } = await this.#ask({ method: "GET", name, headers: { range }, mostBytes: length });
    // An object that ends within the range is answered up to there.
    if (body.length !== length)
      throw new LostData(`${this.#describe(name)} answered with ${body.length} bytes for ${range}`);
    return body;
  }

  async remove(name: string): Promise<void> {
    await this.#ask({ method: "DELETE", name });
  }

  async #ask({
    method,
    name,
    sha256 = EMPTY_SHA256,
    headers,
    body,
    mostBytes = MAX_TEXT_BYTES,
  }: Asking): Promise<{ body: Buffer; length: number }> {
    const url = `${this.root}/${this.#prefix}${name}`;
    const signed = await new AwsV4Signer({
      ...this.#signer,
      url,
      method,
      headers: { ...headers, "x-amz-content-sha256": sha256 },
    }).sign();
    const answer = await request(signed.url, {
      method,
      headers: Object.fromEntries(signed.headers),
      body,
      headersTimeout: SILENCE_MS,
      bodyTimeout: SILENCE_MS,
    });
    const { statusCode } = answer;
    if (statusCode >= 300) {
      const text = String((await readUpTo(answer.body, MAX_TEXT_BYTES)).subarray(0, MAX_TEXT_BYTES));
      const words = `${this.#describe(name)}: ${method} was answered with ${statusCode}: ${text || "no words"}`;
      // No such object, or none so long. A bucket that is not there is a wrong setting.
      const lost =
        method === "GET" && (statusCode === 416 || (statusCode === 404 && !/NoSuchBucket/.test(text)));
      throw lost ? new LostData(words) : new Error(words);
    }
    const length = Number(answer.headers["content-length"] ?? Number.NaN);
    const given = await readUpTo(answer.body, mostBytes);
    // A storage that knows no ranges gives the whole object.
    if (given.length > mostBytes)
      throw new Error(`${this.#describe(name)}: ${method} was answered with more than ${mostBytes} bytes`);
    return { body: given, length };
  }

  #describe(name: string): string {
    return `${this.root}/${this.#prefix}${name}`;
  }
}

/** All of it, or as much as shows that it is more than `most` bytes. */
async function readUpTo(stream: Readable, most: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of stream) {
    parts.push(part);
    bytes += part.length;
    if (bytes > most) break;
  }
  stream.destroy();
  return Buffer.concat(parts);
}
