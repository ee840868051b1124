import { deflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import fc from "../../test/properties.ts";
import { readCapture } from "./fixtures/read-capture.ts";
import { SPDY_DICTIONARY, SPDY_DICTIONARY_ID } from "./spdy-dictionary.ts";
import { SpdyFrameEncoder } from "./spdy-encode.ts";
import { SpdyFrameParser, type SpdyFrameParserOptions } from "./spdy-frames.ts";
import { HeaderCompressor, HeaderDecompressor } from "./spdy-header-block.ts";
import { WireError } from "./wire-error.ts";

function collect(from: "client" | "server", options: Partial<SpdyFrameParserOptions> = {}) {
  const events: unknown[] = [];
  let data: Buffer[] = [];
  const parser = new SpdyFrameParser({
    from,
    ...options,
    handler: {
      onSynStream: ({ streamId, headers }) => events.push(["syn", streamId, Object.fromEntries(headers)]),
      onSynReply: ({ streamId, headers }) => events.push(["reply", streamId, headers.size]),
      onRstStream: ({ streamId, status }) => events.push(["rst", streamId, status]),
      onSettings: ({ entries }) => events.push(["settings", entries]),
      onPing: ({ id }) => events.push(["ping", id]),
      onGoAway: ({ lastStreamId, status }) => events.push(["goaway", lastStreamId, status]),
      onHeaders: ({ streamId, headers }) => events.push(["headers", streamId, Object.fromEntries(headers)]),
      onWindowUpdate: ({ streamId, delta }) => events.push(["window", streamId, delta]),
      onData: (_streamId, chunk) => data.push(Buffer.from(chunk)),
      onDataEnd: ({ streamId, fin }) => {
        events.push(["data", streamId, Buffer.concat(data).toString("latin1"), fin]);
        data = [];
      },
    },
  });
  return { parser, events };
}

function codeOf(bytes: Buffer, options: Partial<SpdyFrameParserOptions> = {}): string | null {
  const { parser } = collect("client", options);
  try {
    parser.push(bytes);
    return null;
  } catch (error) {
    expect(error).toBeInstanceOf(WireError);
    expect(() => parser.push(Buffer.alloc(8))).toThrow(error as Error);
    return (error as WireError).code;
  }
}

function synStream(block: Buffer, streamId = 1): Buffer {
  const frame = Buffer.alloc(18);
  frame.writeUInt32BE(0x80030001, 0);
  frame.writeUInt32BE(10 + block.length, 4);
  frame.writeUInt32BE(streamId, 8);
  return Buffer.concat([frame, block]);
}

const headers = (entries: Record<string, string[]>) => new Map(Object.entries(entries));

describe("the SPDY/3 dictionary", () => {
  it("is the one that zlib streams name", () => {
    expect(SPDY_DICTIONARY).toHaveLength(1423);
    // zlib writes the dictionary's Adler-32 after its own two bytes.
    expect(deflateSync(Buffer.alloc(0), { dictionary: SPDY_DICTIONARY }).readUInt32BE(2)).toBe(
      SPDY_DICTIONARY_ID,
    );
  });
});

describe("SpdyFrameParser", () => {
  it("reads kubectl's exec with stdin, byte by byte", () => {
    const capture = readCapture("exec-spdy-v4-stdin-eof-kubectl1.20");
    const client = collect("client");
    const server = collect("server");
    for (const byte of capture.client) client.parser.push(Buffer.from([byte]));
    for (const byte of capture.server) server.parser.push(Buffer.from([byte]));
    expect(client.events).toEqual([
      ["syn", 1, { streamtype: ["error"] }],
      ["syn", 3, { streamtype: ["stdin"] }],
      ["syn", 5, { streamtype: ["stdout"] }],
      ["syn", 7, { streamtype: ["stderr"] }],
      ["data", 3, "hello\n", false],
      ["data", 3, "", true],
    ]);
    expect(server.events).toEqual([
      ["reply", 1, 0],
      ["reply", 3, 0],
      ["reply", 5, 0],
      ["reply", 7, 0],
      ["data", 5, "hello\n", false],
      ["data", 5, "", true],
      ["data", 7, "", true],
      ["data", 1, '{"metadata":{},"status":"Success"}', false],
      ["rst", 1, 5],
      ["rst", 3, 5],
      ["goaway", 7, 0],
    ]);
  });

  it("gives back what the encoder wrote, however it is cut", () => {
    const encoder = new SpdyFrameEncoder();
    const payload = Buffer.from("x".repeat(300));
    const bytes = Buffer.concat([
      encoder.synStream({ streamId: 1, headers: headers({ streamtype: ["error"], port: ["8080"] }) }),
      encoder.synStream({
        streamId: 3,
        headers: headers({ streamtype: ["data"], port: ["8080"], many: ["a", "b"] }),
      }),
      encoder.headers({ streamId: 3, headers: headers({ later: ["yes"] }) }),
      encoder.dataHeader(3, payload.length),
      payload,
      encoder.dataHeader(3, 0, true),
      encoder.ping(7),
      encoder.rstStream(1, 5),
      encoder.goAway(3, 0),
    ]);
    const expected = [
      ["syn", 1, { streamtype: ["error"], port: ["8080"] }],
      ["syn", 3, { streamtype: ["data"], port: ["8080"], many: ["a", "b"] }],
      ["headers", 3, { later: ["yes"] }],
      ["data", 3, payload.toString(), false],
      ["data", 3, "", true],
      ["ping", 7],
      ["rst", 1, 5],
      ["goaway", 3, 0],
    ];
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1 }), (cuts) => {
        const { parser, events } = collect("client");
        for (let at = 0, turn = 0; at < bytes.length; turn++) {
          const length = cuts[turn % cuts.length]!;
          parser.push(bytes.subarray(at, at + length));
          at += length;
        }
        expect(events).toEqual(expected);
      }),
    );
  });

  it("never throws anything but a WireError", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (bytes, asControl) => {
        const { parser } = collect("client");
        const frame = asControl
          ? Buffer.concat([Buffer.from([0x80, 3, 0, 1, 0, 0, 0, Math.min(255, bytes.length)]), bytes])
          : bytes;
        try {
          parser.push(frame);
        } catch (error) {
          expect(error).toBeInstanceOf(WireError);
        }
      }),
    );
  });

  it("reads settings and window updates, which Kubernetes ignores", () => {
    const { parser, events } = collect("client");
    parser.push(Buffer.from("80030004000000" + "0c" + "00000001" + "01000004" + "00000064", "hex"));
    parser.push(Buffer.from("800300090000000800000001" + "00010000", "hex"));
    expect(events).toEqual([
      ["settings", [{ id: 4, flags: 1, value: 100 }]],
      ["window", 1, 65_536],
    ]);
  });

  it("passes over payloads without looking at them", () => {
    const { parser, events } = collect("client");
    const encoder = new SpdyFrameEncoder();
    parser.push(encoder.dataHeader(1, 1_000_000));
    expect(parser.dataBytesLeft).toBe(1_000_000);
    expect(parser.controlBytesLeft).toBe(0);
    parser.skipData(999_999);
    parser.push(Buffer.from("!"));
    expect(parser.controlBytesLeft).toBe(8);
    expect(events).toEqual([["data", 1, "!", false]]);
    expect(() => parser.skipData(1)).toThrow(RangeError);
  });

  const good = () => new HeaderCompressor().encode(headers({ streamtype: ["stdin"] }));

  it.each([
    ["a wrong version", () => Buffer.from("8002000100000000", "hex"), "unsupported-version"],
    ["an unknown type", () => Buffer.from("8003000500000000", "hex"), "malformed-frame"],
    ["data for stream 0", () => Buffer.from("0000000000000000", "hex"), "malformed-frame"],
    ["a control frame of 16 MiB", () => Buffer.from("8003000100ffffff", "hex"), "frame-too-large"],
    [
      "a SYN_STREAM that is too short",
      () => Buffer.from("800300010000000400000001", "hex"),
      "malformed-frame",
    ],
    ["a server's stream id", () => synStream(good(), 2), "malformed-frame"],
    ["stream 0", () => synStream(good(), 0), "malformed-frame"],
    ["a truncated zlib block", () => synStream(good().subarray(0, 12)), "malformed-header-block"],
    ["a cut block", () => synStream(good().subarray(0, 3)), "malformed-header-block"],
    ["garbage for zlib", () => synStream(Buffer.alloc(40, 0xee)), "malformed-header-block"],
    [
      "a zlib stream without the dictionary",
      () => synStream(deflateSync(Buffer.alloc(8))),
      "malformed-header-block",
    ],
    [
      "a header in upper case",
      () => synStream(new HeaderCompressor().encode(headers({ StreamType: ["stdin"] }))),
      "malformed-header-block",
    ],
    [
      "an empty header name",
      () => synStream(new HeaderCompressor().encode(headers({ "": ["x"] }))),
      "malformed-header-block",
    ],
    ["a settings frame that lies", () => Buffer.from("8003000400000004ffffffff", "hex"), "malformed-frame"],
    ["a ping of id 0", () => Buffer.from("800300060000000400000000", "hex"), "malformed-frame"],
    ["a reset of status 0", () => Buffer.from("80030003000000080000000100000000", "hex"), "malformed-frame"],
    ["a goaway of five bytes", () => Buffer.from("80030007000000050000000000", "hex"), "malformed-frame"],
  ])("refuses %s", (_name, bytes, code) => {
    expect(codeOf(bytes())).toBe(code);
  });

  it("refuses a stream id that was used before", () => {
    const encoder = new SpdyFrameEncoder();
    const first = encoder.synStream({ streamId: 5, headers: headers({ streamtype: ["error"] }) });
    const again = encoder.synStream({ streamId: 5, headers: headers({ streamtype: ["stdin"] }) });
    expect(codeOf(Buffer.concat([first, again]))).toBe("duplicate-stream-id");
  });

  it("stops a header block that inflates without end", () => {
    const bomb = new HeaderCompressor().encode(headers({ streamtype: ["x".repeat(5_000_000)] }));
    expect(bomb.length).toBeLessThan(16 * 1024);
    expect(codeOf(synStream(bomb))).toBe("header-block-too-large");
  });

  it("keeps the compression's window over many blocks", () => {
    const compressor = new HeaderCompressor();
    const decompressor = new HeaderDecompressor(64 * 1024);
    for (let index = 0; index < 200; index++) {
      const block = headers({ requestid: [String(index)], filler: [String(index).repeat(200)] });
      expect(decompressor.decode(compressor.encode(block))).toEqual(block);
    }
  });
});
