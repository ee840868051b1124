import { openUnknown, protobufField } from "../wire/kubernetes-protobuf.ts";
import { AnswerReader } from "./answer-reader.ts";

const MAX_BODY_BYTES = 16 * 1024;
const MAX_UNPACKED_BYTES = 64 * 1024;

/** Collects an error answer as it passes, to read `Status.message` from it; of more than 16 KiB nothing is read. */
export class StatusMessageReader {
  readonly #answer: AnswerReader;

  constructor(contentType: string, contentEncoding: string) {
    this.#answer = new AnswerReader({
      ...{ contentType, contentEncoding },
      ...{ maxBytes: MAX_BODY_BYTES, maxUnpackedBytes: MAX_UNPACKED_BYTES },
    });
  }

  write(chunk: Buffer): void {
    this.#answer.write(chunk);
  }

  /** The message, or null where the answer was no Status. */
  message(): string | null {
    const body = this.#answer.content();
    if (body === null) return null;
    const unknown = openUnknown(body);
    if (unknown !== null) {
      return unknown.kind === "Status" ? (protobufField(unknown.raw, 3)?.toString("utf8") ?? null) : null;
    }
    return this.#answer.contentType.includes("json") ? jsonStatusMessage(body) : null;
  }

  /** An answer in plain words; null where it is none. */
  text(): string | null {
    const plain = this.#answer.contentType.startsWith("text/plain");
    return (plain && this.#answer.content()?.toString("utf8").trim()) || null;
  }
}

function jsonStatusMessage(body: Buffer): string | null {
  try {
    const status = JSON.parse(body.toString("utf8")) as { kind?: unknown; message?: unknown } | null;
    return status?.kind === "Status" && typeof status.message === "string" ? status.message : null;
  } catch {
    return null;
  }
}
