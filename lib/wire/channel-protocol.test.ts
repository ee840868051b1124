import { describe, expect, it } from "vitest";
import { ChannelMessageParser } from "./channel-messages.ts";
import { CHANNEL, encodeChannelMessage, findChannelProtocol, parseResize } from "./channel-protocol.ts";
import { encodeFrame, WEBSOCKET_OPCODE } from "./websocket-frames.ts";

const MASK = Uint8Array.of(9, 8, 7, 6);

function read(name: string, frames: Buffer[]) {
  const messages: [number, string][] = [];
  let text = "";
  const parser = new ChannelMessageParser({
    from: "client",
    protocol: findChannelProtocol(name)!,
    handler: {
      wantsData: () => true,
      onData: (_channel, _length, data) => {
        text += data!.toString("latin1");
      },
      onMessageEnd: (channel) => {
        messages.push([channel, text]);
        text = "";
      },
    },
  });
  for (const byte of Buffer.concat(frames)) parser.push(Buffer.from([byte]));
  return messages;
}

describe("channel protocols", () => {
  it("knows those of Kubernetes, and no others", () => {
    expect(findChannelProtocol("v5.channel.k8s.io")).toMatchObject({
      base64: false,
      closeSignal: true,
      jsonStatus: true,
    });
    expect(findChannelProtocol("v4.base64.channel.k8s.io")).toMatchObject({
      base64: true,
      closeSignal: false,
      jsonStatus: true,
    });
    expect(findChannelProtocol("")).toMatchObject({ base64: false, jsonStatus: false });
    expect(findChannelProtocol("v6.channel.k8s.io")).toBeUndefined();
  });

  it.each([
    "v5.channel.k8s.io",
    "v4.channel.k8s.io",
    "v4.base64.channel.k8s.io",
    "base64.channel.k8s.io",
    "",
  ])("reads back the messages of %j", (name) => {
    const protocol = findChannelProtocol(name)!;
    const opcode = protocol.base64 ? WEBSOCKET_OPCODE.text : WEBSOCKET_OPCODE.binary;
    const sent: [number, string][] = [
      [CHANNEL.stdin, "hello\n"],
      [CHANNEL.resize, '{"Width":80,"Height":24}'],
      [CHANNEL.stdin, ""],
    ];
    const frames = sent.map(([channel, text]) =>
      encodeFrame({
        opcode,
        payload: encodeChannelMessage(protocol, channel, Buffer.from(text)),
        maskKey: MASK,
      }),
    );
    expect(read(name, frames)).toEqual(sent);
  });

  it("refuses a client's message in several frames: servers disagree on what it means", () => {
    const first = encodeFrame({
      opcode: WEBSOCKET_OPCODE.binary,
      payload: Buffer.from("\0a"),
      fin: false,
      maskKey: MASK,
    });
    expect(() => read("v5.channel.k8s.io", [first])).toThrow(
      expect.objectContaining({ code: "malformed-message" }),
    );
  });

  it.each([
    ["no base64", "0!!!!", "malformed-message"],
    ["base64 that ends early", "0QUJ", "malformed-message"],
    ["no channel digit", "xQUJD", "unknown-channel"],
  ])("refuses %s", (_name, payload, code) => {
    const frame = encodeFrame({
      opcode: WEBSOCKET_OPCODE.text,
      payload: Buffer.from(payload),
      maskKey: MASK,
    });
    expect(() => read("v4.base64.channel.k8s.io", [frame])).toThrow(expect.objectContaining({ code }));
  });
});

describe("parseResize", () => {
  it("reads a size, and ignores what is none", () => {
    expect(parseResize(Buffer.from('{"Width":120,"Height":40}\n'))).toEqual({ width: 120, height: 40 });
    for (const text of [
      "",
      "{",
      "null",
      "[]",
      '{"Width":-1,"Height":2}',
      '{"Width":70000,"Height":2}',
      '{"Width":"80","Height":2}',
    ]) {
      expect(parseResize(Buffer.from(text))).toBeUndefined();
    }
  });
});
