import { crc32 } from "node:zlib";

/**
 * What a frame of a journal is. `closing` entries end the intent of the same call; `padding` is written to see whether the disk
 * takes anything at all.
 */
export const FRAME_TYPE = { padding: 0, entry: 1, intent: 2, closing: 3 } as const;
export type FrameType = (typeof FRAME_TYPE)[keyof typeof FRAME_TYPE];

/**
 * Payload length (u32, little-endian), CRC-32 of type and payload (u32), type (u8). CRC-32 rather than CRC-32C, as Node computes the former
 * in native code; both find a torn write.
 */
export const HEADER_BYTES = 9;
export const TYPE_OFFSET = 8;
/** No entry comes near; a longer length is garbage. */
export const MAX_PAYLOAD_BYTES = 1_048_576;

export interface Frame {
  type: FrameType;
  payload: Buffer;
  /** Bytes of the whole frame. */
  length: number;
}

/** Throws where the payload is longer than a frame takes. */
export function encodeFrame(type: FrameType, payload: string | Buffer): Buffer {
  const bytes = typeof payload === "string" ? Buffer.byteLength(payload) : payload.length;
  if (bytes > MAX_PAYLOAD_BYTES)
    throw new RangeError(`an entry of ${bytes} bytes is larger than a journal takes`);
  const frame = Buffer.allocUnsafe(HEADER_BYTES + bytes);
  frame.writeUInt32LE(bytes, 0);
  frame[TYPE_OFFSET] = type;
  if (typeof payload === "string") frame.write(payload, HEADER_BYTES);
  else payload.copy(frame, HEADER_BYTES);
  frame.writeUInt32LE(crc32(frame.subarray(TYPE_OFFSET)), 4);
  return frame;
}

/** The frame at `offset`; `incomplete` where more bytes may make it one, `torn` where none can. */
export function decodeFrame(bytes: Buffer, offset: number): Frame | "incomplete" | "torn" {
  if (bytes.length - offset < HEADER_BYTES) return "incomplete";
  const payloadBytes = bytes.readUInt32LE(offset);
  const type = bytes[offset + TYPE_OFFSET]!;
  if (payloadBytes > MAX_PAYLOAD_BYTES || type > FRAME_TYPE.closing) return "torn";
  const end = offset + HEADER_BYTES + payloadBytes;
  if (end > bytes.length) return "incomplete";
  if (crc32(bytes.subarray(offset + TYPE_OFFSET, end)) !== bytes.readUInt32LE(offset + 4)) return "torn";
  return {
    type: type as FrameType,
    payload: bytes.subarray(offset + HEADER_BYTES, end),
    length: end - offset,
  };
}
