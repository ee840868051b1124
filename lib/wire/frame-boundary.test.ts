import { describe, expect, test } from "vitest";
import fc from "../../test/properties.ts";
import { FrameBoundary } from "./frame-boundary.ts";
import { SpdyFrameEncoder } from "./spdy-encode.ts";
import { encodeFrame, WEBSOCKET_OPCODE } from "./websocket-frames.ts";

const sizes = fc.oneof(fc.nat(300), fc.constantFrom(0, 125, 126, 127, 65_535, 65_536));

/** A message of one frame or several, with a ping between them. */
const webSocketMessage = fc.array(sizes, { minLength: 1, maxLength: 3 }).map((lengths) =>
  Buffer.concat(
    lengths.flatMap((length, index) => [
      encodeFrame({
        opcode: index === 0 ? WEBSOCKET_OPCODE.binary : WEBSOCKET_OPCODE.continuation,
        payload: Buffer.alloc(length, 0x88),
        fin: index === lengths.length - 1,
      }),
      ...(index < lengths.length - 1
        ? [encodeFrame({ opcode: WEBSOCKET_OPCODE.ping, payload: Buffer.from("p") })]
        : []),
    ]),
  ),
);
const spdyFrame = fc.oneof(
  sizes.map((length) => Buffer.concat([new SpdyFrameEncoder().dataHeader(5, length), Buffer.alloc(length)])),
  fc.constant(new SpdyFrameEncoder().ping(2)),
  fc.constant(new SpdyFrameEncoder().synReply({ streamId: 1, headers: new Map() })),
);

describe.each([
  ["websocket", webSocketMessage],
  ["spdy", spdyFrame],
] as const)("over %s", (protocol, frame) => {
  const frames = fc.array(frame, { minLength: 1, maxLength: 5 });

  test("a frame of one's own may follow whole ones and nothing else, however they are cut", () => {
    fc.assert(
      fc.property(frames, fc.array(fc.nat(70_000)), (all, cuts) => {
        const bytes = Buffer.concat(all);
        const ends = new Set<number>();
        all.reduce((at, each) => {
          ends.add(at + each.length);
          return at + each.length;
        }, 0);
        const boundary = new FrameBoundary(protocol);
        expect(boundary.bytesLeft).toBe(0);
        const places = [...cuts.map((cut) => cut % bytes.length), bytes.length].toSorted((a, b) => a - b);
        let at = 0;
        for (const place of places) {
          boundary.pass(bytes.subarray(at, place));
          at = place;
          expect(boundary.bytesLeft === 0).toBe(at === 0 || ends.has(at));
        }
      }),
    );
  });

  test("the rest of what is under way is taken, and nothing behind it", () => {
    fc.assert(
      fc.property(frames, fc.nat(), (all, cut) => {
        const bytes = Buffer.concat(all);
        const begun = 1 + (cut % bytes.length);
        const boundary = new FrameBoundary(protocol);
        boundary.pass(bytes.subarray(0, begun));
        const end = all.reduce((at, each) => (at < begun ? at + each.length : at), 0);
        expect(boundary.passToEnd(bytes.subarray(begun))).toBe(end - begun);
        expect(boundary.bytesLeft).toBe(0);
        expect(boundary.passToEnd(bytes.subarray(end))).toBe(0);
      }),
    );
  });
});
