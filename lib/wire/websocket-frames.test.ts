import { describe, expect, it } from "vitest";
import fc from "../../test/properties.ts";
import { readCapture } from "./fixtures/read-capture.ts";
import {
  applyMask,
  encodeClose,
  encodeFrame,
  encodeFrameHeader,
  WEBSOCKET_OPCODE,
  WebSocketFrameParser,
  type WebSocketFrameParserOptions,
} from "./websocket-frames.ts";
import { WireError } from "./wire-error.ts";

interface SeenFrame {
  opcode: number;
  fin: boolean;
  payload: Buffer;
}

function collect(from: "client" | "server", options: Partial<WebSocketFrameParserOptions> = {}) {
  const frames: SeenFrame[] = [];
  let pieces: Buffer[] = [];
  const parser = new WebSocketFrameParser({
    from,
    ...options,
    handler: {
      onPayload: (frame, chunk, offset) =>
        pieces.push(frame.maskKey === null ? Buffer.from(chunk) : applyMask(chunk, frame.maskKey, offset)),
      onFrameEnd: ({ opcode, fin }) => {
        frames.push({ opcode, fin, payload: Buffer.concat(pieces) });
        pieces = [];
      },
    },
  });
  return { parser, frames };
}

function codeOf(
  bytes: number[] | Buffer,
  from: "client" | "server" = "server",
  maxFrameBytes?: number,
): string | null {
  const { parser } = collect(from, { maxFrameBytes });
  try {
    parser.push(Buffer.from(bytes));
    return null;
  } catch (error) {
    expect(error).toBeInstanceOf(WireError);
    // An error is final: the same one again, whatever follows.
    expect(() => parser.push(Buffer.from([0x82, 0]))).toThrow(error as Error);
    return (error as WireError).code;
  }
}

describe("WebSocketFrameParser", () => {
  it("reads what kubectl and kube-apiserver sent, byte by byte", () => {
    const capture = readCapture("exec-websocket-v5-stdin-eof-kubectl1.32");
    const client = collect("client");
    const server = collect("server");
    for (const byte of capture.client) client.parser.push(Buffer.from([byte]));
    for (const byte of capture.server) server.parser.push(Buffer.from([byte]));
    expect(client.frames.map(({ payload }) => payload.toString("latin1"))).toEqual(["\0hello\n", "\xff\0"]);
    expect(server.frames.map(({ opcode, payload }) => [opcode, payload.toString("latin1")])).toEqual([
      [2, "\x01"],
      [2, "\x01hello\n"],
      [2, '\x03{"metadata":{},"status":"Success"}'],
      [8, "\x03\xe8"],
    ]);
  });

  it("gives back any frames, however they are cut", () => {
    const frame = fc.record({
      opcode: fc.constantFrom(WEBSOCKET_OPCODE.binary, WEBSOCKET_OPCODE.text, WEBSOCKET_OPCODE.ping),
      payload: fc.uint8Array({ maxLength: 400 }),
    });
    fc.assert(
      fc.property(
        fc.array(frame, { maxLength: 8 }),
        fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }),
        fc.boolean(),
        (sent, cuts, masked) => {
          const frames = sent.map(({ opcode, payload }) => ({
            opcode,
            payload: opcode === 9 ? payload.slice(0, 125) : payload,
          }));
          const maskKey = masked ? Uint8Array.of(1, 0x80, 0xff, 7) : undefined;
          const bytes = Buffer.concat(
            frames.map(({ opcode, payload }) => encodeFrame({ opcode, payload, maskKey })),
          );
          const { parser, frames: seen } = collect(masked ? "client" : "server");
          for (let at = 0, turn = 0; at < bytes.length; turn++) {
            const length = cuts[turn % cuts.length]!;
            parser.push(bytes.subarray(at, at + length));
            at += length;
          }
          expect(seen.map(({ opcode, payload }) => ({ opcode, payload }))).toEqual(
            frames.map(({ opcode, payload }) => ({ opcode, payload: Buffer.from(payload) })),
          );
        },
      ),
    );
  });

  it("never throws anything but a WireError", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const { parser } = collect("client");
        try {
          parser.push(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(WireError);
        }
      }),
    );
  });

  it("passes large payloads on in pieces and counts lengths of 64 bits", () => {
    const { parser, frames } = collect("server");
    const payload = Buffer.alloc(100_000, 7);
    parser.push(encodeFrameHeader({ opcode: WEBSOCKET_OPCODE.binary, length: payload.length }));
    parser.push(payload.subarray(0, 99_999));
    expect(frames).toHaveLength(0);
    parser.push(payload.subarray(99_999));
    expect(frames[0]!.payload.equals(payload)).toBe(true);
  });

  it("takes fragments with control frames between", () => {
    const { parser, frames } = collect("server");
    parser.push(encodeFrame({ opcode: WEBSOCKET_OPCODE.binary, payload: Buffer.from("a"), fin: false }));
    parser.push(encodeFrame({ opcode: WEBSOCKET_OPCODE.ping, payload: Buffer.alloc(0) }));
    parser.push(encodeFrame({ opcode: WEBSOCKET_OPCODE.continuation, payload: Buffer.from("b") }));
    parser.push(encodeClose(1000));
    expect(frames.map(({ opcode }) => opcode)).toEqual([2, 9, 0, 8]);
  });

  it.each([
    ["a reserved bit", [0xc2, 0], "server", "malformed-frame"],
    ["an unknown opcode", [0x83, 0], "server", "malformed-frame"],
    ["a continuation of nothing", [0x80, 0], "server", "malformed-frame"],
    ["a message inside a message", [0x02, 0, 0x82, 0], "server", "malformed-frame"],
    ["a fragmented ping", [0x09, 0], "server", "malformed-frame"],
    ["a ping of 126 bytes", [0x89, 126, 0, 126], "server", "frame-too-large"],
    ["a close of one byte", [0x88, 1, 0], "server", "malformed-frame"],
    ["a mask from the server", [0x82, 0x80, 0, 0, 0, 0], "server", "malformed-frame"],
    ["no mask from the client", [0x82, 0], "client", "malformed-frame"],
    ["a length in two bytes that fits one", [0x82, 126, 0, 5], "server", "malformed-frame"],
    [
      "a length in eight bytes that fits two",
      [0x82, 127, 0, 0, 0, 0, 0, 0, 1, 0],
      "server",
      "malformed-frame",
    ],
    ["2^63 bytes", [0x82, 127, 0x80, 0, 0, 0, 0, 0, 0, 0], "server", "frame-too-large"],
    ["33 MiB", [0x82, 127, 0, 0, 0, 0, 2, 0x10, 0, 0], "server", "frame-too-large"],
  ] as const)("refuses %s", (_name, bytes, from, code) => {
    expect(codeOf([...bytes], from)).toBe(code);
  });

  it("takes the limit that it is given", () => {
    expect(codeOf([0x82, 11], "server", 10)).toBe("frame-too-large");
    expect(codeOf([0x82, 10], "server", 10)).toBeNull();
  });
});
