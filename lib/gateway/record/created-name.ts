import { constants, gunzipSync } from "node:zlib";
import { nameInJsonAnswer, nameInProtobufAnswer } from "../../audit/redaction/object-name.ts";
import type { RequestInfo } from "../request/request-info.ts";

/** kube-apiserver writes `metadata` first, and the name first in it: what comes later is not held. */
const MAX_HEAD_BYTES = 4 * 1024;
/** gzip packs 1,032 times at most. */
const MAX_UNPACKED_BYTES = 1_032 * MAX_HEAD_BYTES;
const CREATED = 201;
const FAILED = 400;

/**
 * Whether the name of what a call makes is in its body and not in its path: a POST on a collection. Of a subresource
 * (`pods/eviction`, `serviceaccounts/token`) the path names the object.
 */
export function namesObjectInBody(info: RequestInfo): boolean {
  return info.isResourceRequest && info.verb === "create" && info.subresource === "" && info.name === "";
}

/** Reads the name of what was made from the beginning of a cluster's answer, however large that is. */
export class CreatedNameReader {
  readonly #contentType: string;
  readonly #contentEncoding: string;
  #head: Buffer[] = [];
  #bytes = 0;

  constructor(contentType: string, contentEncoding: string) {
    this.#contentType = contentType;
    this.#contentEncoding = contentEncoding;
  }

  /** A reader where the answer is that of a create whose path has no name, done or refused; null for any other. */
  static of(info: RequestInfo, answer: { statusCode: number; contentType: string; contentEncoding: string }) {
    if ((answer.statusCode !== CREATED && answer.statusCode < FAILED) || !namesObjectInBody(info))
      return null;
    return new CreatedNameReader(answer.contentType, answer.contentEncoding);
  }

  write(chunk: Buffer): void {
    const room = MAX_HEAD_BYTES - this.#bytes;
    // A copy: the stream may use its buffer again.
    if (room > 0) this.#head.push(Buffer.from(chunk.subarray(0, room)));
    this.#bytes += Math.min(room, chunk.length);
  }

  name(): string | null {
    const head = this.#unpacked();
    if (head === null) return null;
    if (this.#contentType.includes("protobuf")) return nameInProtobufAnswer(head);
    return this.#contentType.includes("json") ? nameInJsonAnswer(head.toString("utf8")) : null;
  }

  /** The head before `Content-Encoding`; null where it cannot be unpacked. */
  #unpacked(): Buffer | null {
    const head = Buffer.concat(this.#head);
    if (["", "identity"].includes(this.#contentEncoding)) return head;
    if (this.#contentEncoding !== "gzip") return null;
    try {
      // The end is missing: what is there is unpacked.
      const options = { maxOutputLength: MAX_UNPACKED_BYTES, finishFlush: constants.Z_SYNC_FLUSH };
      return gunzipSync(head, options).subarray(0, MAX_HEAD_BYTES);
    } catch {
      // No gzip.
      return null;
    }
  }
}
