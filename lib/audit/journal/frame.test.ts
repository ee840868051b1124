import { expect, test } from "vitest";
import fc from "../../../test/properties.ts";
import {
  decodeFrame,
  encodeFrame,
  FRAME_TYPE,
  FRAME_VERSION,
  LaterFrameError,
  MAX_PAYLOAD_BYTES,
} from "./frame.ts";

const types = fc.constantFrom(...Object.values(FRAME_TYPE));

test("what was encoded is decoded, wherever it stands", () => {
  fc.assert(
    fc.property(
      types,
      fc.string({ unit: "binary" }),
      fc.uint8Array({ maxLength: 40 }),
      (type, payload, before) => {
        const bytes = Buffer.concat([before, encodeFrame(type, payload), Buffer.from("rest")]);
        const frame = decodeFrame(bytes, before.length);
        expect(frame).toMatchObject({ type });
        expect(typeof frame === "object" && frame.payload.toString()).toBe(Buffer.from(payload).toString());
      },
    ),
  );
});

test("a frame that is cut anywhere is incomplete", () => {
  const frame = encodeFrame(FRAME_TYPE.entry, "payload");
  for (let length = 0; length < frame.length; length++) {
    expect(decodeFrame(frame.subarray(0, length), 0)).toBe("incomplete");
  }
});

test("a frame with any bit turned is not taken", () => {
  const frame = encodeFrame(FRAME_TYPE.closing, "payload");
  for (let bit = 0; bit < frame.length * 8; bit++) {
    const turned = Buffer.from(frame);
    turned[bit >> 3]! ^= 1 << (bit & 7);
    expect(typeof decodeFrame(turned, 0)).toBe("string");
  }
});

test("an entry that is too large is refused", () => {
  expect(() => encodeFrame(FRAME_TYPE.entry, "x".repeat(MAX_PAYLOAD_BYTES + 1))).toThrow(RangeError);
});

test("a frame that a later program wrote is named, not taken for a torn one", () => {
  const later = encodeFrame(FRAME_TYPE.entry, "{}", FRAME_VERSION + 1);
  expect(() => decodeFrame(later, 0)).toThrow(LaterFrameError);
  expect(() => decodeFrame(later, 0)).toThrow(`version ${FRAME_VERSION + 1}`);
});
