import { gunzipSync } from "node:zlib";

const MAX_BODY_BYTES = 16 * 1024;
const MAX_UNZIPPED_BYTES = 64 * 1024;
const PROTOBUF_MAGIC = Buffer.from("k8s\0");

/** Collects the beginning of an error answer as it passes, to read `Status.message` from it. */
export class StatusMessageReader {
  readonly #contentType: string;
  readonly #contentEncoding: string;
  #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(contentType: string, contentEncoding: string) {
    this.#contentType = contentType;
    this.#contentEncoding = contentEncoding;
  }

  write(chunk: Buffer): void {
    this.#bytes += chunk.length;
    // A Status of more than 16 KiB is not read; nothing of it is kept.
    if (this.#bytes > MAX_BODY_BYTES) this.#chunks = [];
    else this.#chunks.push(chunk);
  }

  /** The message, or null where the answer was no Status. */
  message(): string | null {
    if (this.#bytes === 0 || this.#bytes > MAX_BODY_BYTES) return null;
    const body = this.#unzip(Buffer.concat(this.#chunks));
    if (body === null) return null;
    if (body.subarray(0, 4).equals(PROTOBUF_MAGIC)) return protobufStatusMessage(body.subarray(4));
    return this.#contentType.includes("json") ? jsonStatusMessage(body) : null;
  }

  #unzip(body: Buffer): Buffer | null {
    if (this.#contentEncoding === "") return body;
    if (this.#contentEncoding !== "gzip") return null;
    try {
      return gunzipSync(body, { maxOutputLength: MAX_UNZIPPED_BYTES });
    } catch {
      // No gzip, or more than a Status ever has: no message.
      return null;
    }
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

/** `runtime.Unknown{1: TypeMeta{2: kind}, 2: raw}` around `Status{3: message}` (k8s.io/apimachinery, generated.proto). */
function protobufStatusMessage(body: Buffer): string | null {
  const typeMeta = protobufField(body, 1);
  const raw = protobufField(body, 2);
  if (typeMeta === null || raw === null || protobufField(typeMeta, 2)?.toString("utf8") !== "Status")
    return null;
  return protobufField(raw, 3)?.toString("utf8") ?? null;
}

/** The first length-delimited field of that number; null where there is none or the bytes are no protobuf. */
function protobufField(message: Buffer, wanted: number): Buffer | null {
  let position = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = message[position++];
      if (byte === undefined) return Number.NaN;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    return Number.NaN;
  };
  while (position < message.length) {
    const tag = varint();
    const wireType = tag & 7;
    if (wireType === 0) {
      if (Number.isNaN(varint())) return null;
    } else if (wireType === 2) {
      const length = varint();
      if (!(position + length <= message.length)) return null;
      if (tag >>> 3 === wanted) return message.subarray(position, position + length);
      position += length;
    } else return null;
  }
  return null;
}
