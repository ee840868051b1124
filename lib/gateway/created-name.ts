import { nameOfObject, nameOfProtobuf } from "../audit/redaction/object-name.ts";
import { AnswerReader } from "./answer-reader.ts";
import type { RequestInfo } from "./request-info.ts";

const MAX_BYTES = 64 * 1024;
const MAX_UNPACKED_BYTES = 256 * 1024;
const CREATED = 201;

/**
 * Whether the name of what a call makes is in its body and not in its path: a POST on a collection. Of a subresource
 * (`pods/eviction`, `serviceaccounts/token`) the path names the object.
 */
export function namesObjectInBody(info: RequestInfo): boolean {
  return info.isResourceRequest && info.verb === "create" && info.subresource === "" && info.name === "";
}

/** Reads the name that a cluster gave to what was made with `generateName`. */
export class CreatedNameReader {
  readonly #answer: AnswerReader;

  constructor(contentType: string, contentEncoding: string) {
    this.#answer = new AnswerReader({
      ...{ contentType, contentEncoding },
      ...{ maxBytes: MAX_BYTES, maxUnpackedBytes: MAX_UNPACKED_BYTES },
    });
  }

  /** A reader where the answer is that of a create whose path has no name; null for any other. */
  static of(info: RequestInfo, answer: { statusCode: number; contentType: string; contentEncoding: string }) {
    if (answer.statusCode !== CREATED || !namesObjectInBody(info)) return null;
    return new CreatedNameReader(answer.contentType, answer.contentEncoding);
  }

  write(chunk: Buffer): void {
    this.#answer.write(chunk);
  }

  name(): string | null {
    const content = this.#answer.content();
    if (content === null) return null;
    const { contentType } = this.#answer;
    if (contentType.includes("protobuf")) return nameOfProtobuf(content);
    return contentType.includes("json") ? jsonName(content) : null;
  }
}

function jsonName(content: Buffer): string | null {
  try {
    return nameOfObject(JSON.parse(content.toString("utf8")));
  } catch {
    return null;
  }
}
