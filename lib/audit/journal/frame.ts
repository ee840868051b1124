import { crc32 } from "node:zlib";

/**
 * What a frame of a journal is. `closing` entries end the intent of the same call; `padding` is written to see whether the disk
 * takes anything at all.
 */
export const FRAME_TYPE = { padding: 0, entry: 1, intent: 2, closing: 3 } as const;
export type FrameType = (typeof FRAME_TYPE)[keyof typeof FRAME_TYPE];

/**
 * The shape of the entries in the frames that this program writes. Version 0 is what was written before frames had one. A change of
 * `KubeRequestEntry` that `liftEntry` cannot bridge with an absent value raises it, and teaches `liftEntry` the step.
 */
export const FRAME_VERSION = 1;

/**
 * Payload length (u32, little-endian), CRC-32 of the next byte and the payload (u32), version (high four bits) and type (low four bits).
 * CRC-32 rather than CRC-32C, as Node computes the former in native code; both find a torn write.
 */
export const HEADER_BYTES = 9;
const KIND_OFFSET = 8;
/** No entry comes near; a longer length is garbage. */
export const MAX_PAYLOAD_BYTES = 1_048_576;

export interface Frame {
  type: FrameType;
  /** Of the program that wrote it; see `FRAME_VERSION`. */
  version: number;
  payload: Buffer;
  /** Bytes of the whole frame. */
  length: number;
}

/** Thrown for a frame of a later program: what it means is not known here. */
export class LaterFrameError extends Error {
  constructor(version: number) {
    super(
      `the journal holds a frame of version ${version}, and this program knows ${FRAME_VERSION} and earlier: start the later program on it`,
    );
  }
}

/** Throws where the payload is longer than a frame takes. */
export function encodeFrame(type: FrameType, payload: string | Buffer, version = FRAME_VERSION): Buffer {
  const bytes = typeof payload === "string" ? Buffer.byteLength(payload) : payload.length;
  requireFits(bytes);
  const frame = Buffer.allocUnsafe(HEADER_BYTES + bytes);
  if (typeof payload === "string") frame.write(payload, HEADER_BYTES);
  else payload.copy(frame, HEADER_BYTES);
  writeHeader(frame, 0, { type, version, bytes });
  return frame;
}

/** Bytes that a frame with this payload takes at most. */
export const roomForFrame = (payload: string): number => HEADER_BYTES + payload.length * 3;

/**
 * Writes a frame into `target`, which has the room, at `offset`; returns its length. Throws where the payload is longer than a frame takes.
 */
export function writeFrame(target: Buffer, offset: number, type: FrameType, payload: string): number {
  const bytes = target.write(payload, offset + HEADER_BYTES, "utf8");
  requireFits(bytes);
  writeHeader(target, offset, { type, version: FRAME_VERSION, bytes });
  return HEADER_BYTES + bytes;
}

function requireFits(bytes: number): void {
  if (bytes > MAX_PAYLOAD_BYTES)
    throw new RangeError(`an entry of ${bytes} bytes is larger than a journal takes`);
}

/** The header of a frame whose payload is there already. */
function writeHeader(
  target: Buffer,
  offset: number,
  { type, version, bytes }: { type: FrameType; version: number; bytes: number },
): void {
  target.writeUInt32LE(bytes, offset);
  target[offset + KIND_OFFSET] = (version << 4) | type;
  const checked = target.subarray(offset + KIND_OFFSET, offset + HEADER_BYTES + bytes);
  target.writeUInt32LE(crc32(checked), offset + 4);
}

/**
 * The frame at `offset`; `incomplete` where more bytes may make it one, `torn` where none can.
 * @throws {LaterFrameError} for a whole frame that a later program wrote.
 */
export function decodeFrame(bytes: Buffer, offset: number): Frame | "incomplete" | "torn" {
  if (bytes.length - offset < HEADER_BYTES) return "incomplete";
  const payloadBytes = bytes.readUInt32LE(offset);
  if (payloadBytes > MAX_PAYLOAD_BYTES) return "torn";
  const end = offset + HEADER_BYTES + payloadBytes;
  if (end > bytes.length) return "incomplete";
  if (crc32(bytes.subarray(offset + KIND_OFFSET, end)) !== bytes.readUInt32LE(offset + 4)) return "torn";
  const { version, type } = kindOf(bytes[offset + KIND_OFFSET]!);
  if (version > FRAME_VERSION) throw new LaterFrameError(version);
  if (type > FRAME_TYPE.closing) return "torn";
  const payload = bytes.subarray(offset + HEADER_BYTES, end);
  return { type: type as FrameType, version, payload, length: end - offset };
}

const kindOf = (kind: number) => ({ version: kind >> 4, type: kind & 0x0f });

/** The type of a frame that `encodeFrame` made. */
export const typeOfFrame = (frame: Buffer): number => kindOf(frame[KIND_OFFSET]!).type;

/** Whether the head at `offset` can be a frame's, which no entry's text can: it has a NUL in its length. None is empty. Looks at no checksum. */
export function mayBeFrame(bytes: Buffer, offset: number): boolean {
  const { version, type } = kindOf(bytes[offset + KIND_OFFSET]!);
  const payloadBytes = bytes.readUInt32LE(offset);
  return (
    version <= FRAME_VERSION &&
    type <= FRAME_TYPE.closing &&
    payloadBytes > 0 &&
    payloadBytes <= MAX_PAYLOAD_BYTES &&
    offset + HEADER_BYTES + payloadBytes <= bytes.length
  );
}
