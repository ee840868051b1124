import { redactStatusMessage } from "../../audit/redaction/redact-status-message.ts";
import { openUnknown, protobufField } from "../../wire/kubernetes-protobuf.ts";
import { AnswerReader } from "./answer-reader.ts";

const MAX_BYTES = 16 * 1024;
/** Of a packed one that was cut, in characters. */
const MAX_CUT_LENGTH = 64 * 1024;
/** Text of errors packs well. */
const MAX_UNPACKED_BYTES = 1024 * 1024;

export interface FailureAnswer {
  statusCode: number;
  contentType: string;
  contentEncoding: string;
}

/**
 * Collects the beginning of an error answer as it passes, and tells what it says: the message of a Status, else plain words, else
 * what kind of answer it was. Without the objects that the cluster prints into it, and longer than the record keeps.
 */
export class FailureReader {
  readonly #answer: AnswerReader;
  readonly #statusCode: number;

  constructor({ statusCode, contentType, contentEncoding }: FailureAnswer) {
    this.#statusCode = statusCode;
    this.#answer = new AnswerReader({
      contentType,
      contentEncoding,
      maxBytes: MAX_BYTES,
      maxUnpackedBytes: MAX_UNPACKED_BYTES,
    });
  }

  write(chunk: Buffer): void {
    this.#answer.write(chunk);
  }

  message(): string {
    const body = this.#answer.beginning();
    const said = body === null ? null : this.#read(body);
    if (said) return redactStatusMessage(said);
    return `The cluster gave no reason (${this.#kindOfAnswer()}).`;
  }

  #read(body: Buffer): string | null {
    const { contentType } = this.#answer;
    const unknown = openUnknown(body);
    if (unknown !== null) {
      return unknown.kind === "Status" ? (protobufField(unknown.raw, 3)?.toString("utf8") ?? null) : null;
    }
    const text = body.toString("utf8");
    if (contentType.includes("json"))
      return this.#answer.cut ? cutStatusMessage(text.slice(0, MAX_CUT_LENGTH)) : statusMessage(text);
    return contentType.startsWith("text/plain") ? text.slice(0, MAX_BYTES).trim() : null;
  }

  #kindOfAnswer(): string {
    const [mediaType = ""] = this.#answer.contentType.split(";", 1);
    return mediaType === "" ? String(this.#statusCode) : `${this.#statusCode}, ${mediaType.trim()}`;
  }
}

function statusMessage(text: string): string | null {
  try {
    const status = JSON.parse(text) as { kind?: unknown; message?: unknown } | null;
    return status?.kind === "Status" && typeof status.message === "string" ? status.message : null;
  } catch {
    // No JSON, whatever its type says.
    return null;
  }
}

const STRING = /"((?:[^"\\]|\\.)*)(?:"|\\?$)/sy;

/** The same of a Status of which only the beginning is there, as far as it is; the kind stands before the message. */
function cutStatusMessage(text: string): string | null {
  let depth = 0;
  let key: string | null = null;
  let kind: string | null = null;
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (character === "{" || character === "[") depth += 1;
    else if (character === "}" || character === "]") depth -= 1;
    else if (character === "," && depth === 1) key = null;
    else if (character === '"') {
      STRING.lastIndex = at;
      const [whole, inner] = STRING.exec(text)!;
      at += whole.length - 1;
      if (depth !== 1) continue;
      if (key === "kind") kind = inner!;
      if (key === "message") return kind === "Status" ? unescaped(inner!) : null;
      key ??= inner!;
    }
  }
  return null;
}

function unescaped(inner: string): string | null {
  try {
    // The cut may run through an escape.
    return JSON.parse(`"${inner.replace(/\\u[0-9a-fA-F]{0,3}$/, "")}"`);
  } catch {
    return null;
  }
}
