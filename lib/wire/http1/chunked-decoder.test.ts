import { describe, expect, test } from "vitest";
import { ChunkedDecoder } from "./chunked-decoder.ts";
import { encodeChunk, encodeLastChunk } from "./chunked-encoder.ts";
import { HeadError } from "./head-error.ts";

function decode(text: string, pieceLength = text.length) {
  const bytes = Buffer.from(text, "latin1");
  let content = "";
  const decoder = new ChunkedDecoder((piece, start, end) => {
    content += piece.toString("latin1", start, end);
  });
  let used = 0;
  for (let at = 0; at < bytes.length && !decoder.isEnded; at += pieceLength) {
    used += decoder.read(bytes.subarray(at, at + pieceLength), 0);
  }
  return { content, used, isEnded: decoder.isEnded, trailers: decoder.trailers };
}

test.each([1, 2, 3, 7, 100])(
  "a body in pieces of %i bytes, up to where the next message begins",
  (length) => {
    const body = "5\r\nhello\r\n00A\r\n0123456789\r\n0\r\nX-T:  a \r\nx-t: b\r\n\r\n";
    expect(decode(`${body}GET /`, length)).toEqual({
      content: "hello0123456789",
      used: body.length,
      isEnded: true,
      trailers: ["X-T", "a", "x-t", "b"],
    });
  },
);

test("without trailers; what has not ended", () => {
  expect(decode("0\r\n\r\nGET")).toMatchObject({ content: "", used: 5, isEnded: true, trailers: [] });
  expect(decode("5\r\nhel")).toMatchObject({ content: "hel", isEnded: false });
  expect(decode("5\r\nhello\r\n0\r\n")).toMatchObject({ content: "hello", isEnded: false });
});

describe("is refused, whole and byte by byte", () => {
  test.each([
    ["no size", "\r\nhello\r\n"],
    ["a size that is no number", "zz\r\n"],
    ["a sign", "+5\r\nhello\r\n"],
    ["a prefix", "0x5\r\nhello\r\n"],
    ["a blank before the size", " 5\r\nhello\r\n"],
    ["a blank behind the size", "5 \r\nhello\r\n"],
    ["an extension", "5;a=b\r\nhello\r\n"],
    ["a size beyond 32 bits", "100000005\r\nhello\r\n"],
    ["a size that overflows 64 bits", "10000000000000005\r\nhello\r\n"],
    ["a size of zeros without end", "000000000"],
    ["an LF without CR behind the size", "5\nhello\r\n"],
    ["a CR without LF behind the size", "5\rhello\r\n"],
    ["a chunk that is longer than it says", "2\r\nabc\r\n0\r\n\r\n"],
    ["an LF without CR behind a chunk", "5\r\nhello\n0\r\n\r\n"],
    ["a folded trailer", "0\r\nX: a\r\n b\r\n\r\n"],
    ["a trailer without a colon", "0\r\nX\r\n\r\n"],
    ["a control character in a trailer", "0\r\nX: \0\r\n\r\n"],
    ["an LF without CR in a trailer", "0\r\nX: a\nY: b\r\n\r\n"],
    ["Content-Length as a trailer", "0\r\nContent-Length: 5\r\n\r\n"],
    ["Transfer-Encoding as a trailer", "0\r\ntransfer-encoding: chunked\r\n\r\n"],
    ["Connection as a trailer", "0\r\nConnection: close\r\n\r\n"],
    ["Upgrade as a trailer", "0\r\nUpgrade: websocket\r\n\r\n"],
    ["trailers without end", `0\r\n${"X: 0123456789\r\n".repeat(2_000)}`],
  ])("%s", (_what, text) => {
    expect(() => decode(text)).toThrow(HeadError);
    expect(() => decode(text, 1)).toThrow(HeadError);
  });
});

test("what the encoder writes is read again", () => {
  const text = Buffer.concat([
    encodeChunk(Buffer.from("hello")),
    encodeChunk(Buffer.from("x".repeat(300))),
    encodeLastChunk(Buffer.from("end"), ["X-T", "a"]),
  ]).toString("latin1");
  expect(text).toBe(`5\r\nhello\r\n12c\r\n${"x".repeat(300)}\r\n3\r\nend\r\n0\r\nX-T: a\r\n\r\n`);
  expect(decode(text)).toMatchObject({ content: `hello${"x".repeat(300)}end`, trailers: ["X-T", "a"] });
});

test("nothing to write is no last chunk, and the last chunk is one", () => {
  expect(encodeChunk(Buffer.alloc(0))).toHaveLength(0);
  expect(encodeLastChunk(null).toString()).toBe("0\r\n\r\n");
  expect(encodeLastChunk(Buffer.alloc(0)).toString()).toBe("0\r\n\r\n");
  expect(() => encodeLastChunk(null, ["X", "a\r\nY: b"])).toThrow(TypeError);
});
