import { randomBytes } from "node:crypto";
import { zstdCompressSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import fc from "../../../test/properties.ts";
import { CastError } from "./cast-decoder.ts";
import { decompressFrames } from "./decompress-frames.ts";

const MIB = 2 ** 20;

test("frames one after another are all read, however many", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ unit: "grapheme" }), { minLength: 1, maxLength: 20 }),
      async (texts) => {
        const frames = Buffer.concat(texts.map((text) => zstdCompressSync(text)));
        expect(String(await decompressFrames(frames, MIB))).toBe(texts.join(""));
      },
    ),
  );
});

describe("a frame that is cut", () => {
  const [first, last] = [zstdCompressSync("first"), zstdCompressSync(randomBytes(500))];

  test.each([1, 4, 20, last.length - 1])(
    "after %i bytes is an error, also behind a whole one",
    async (bytes) => {
      await expect(decompressFrames(last.subarray(0, bytes), MIB)).rejects.toThrow(CastError);
      const behind = Buffer.concat([first, last.subarray(0, bytes)]);
      await expect(decompressFrames(behind, MIB)).rejects.toThrow("its compressed data is cut");
    },
  );
});

test("what is no frame is an error, alone and behind one", async () => {
  const garbage = Buffer.from("no frame at all, but long enough");
  await expect(decompressFrames(garbage, MIB)).rejects.toThrow(CastError);
  const behind = Buffer.concat([zstdCompressSync("x"), garbage]);
  await expect(decompressFrames(behind, MIB)).rejects.toThrow(CastError);
});

test("a few bytes that stand for a gigabyte are refused, in one frame and in many", async () => {
  const bomb = zstdCompressSync(Buffer.alloc(64 * MIB));
  expect(bomb.length).toBeLessThan(10_000);
  await expect(decompressFrames(bomb, MIB)).rejects.toThrow("larger than a piece may be");
  const half = zstdCompressSync(Buffer.alloc(MIB / 2));
  expect((await decompressFrames(Buffer.concat([half, half]), MIB)).length).toBe(MIB);
  await expect(decompressFrames(Buffer.concat([half, half, half]), MIB)).rejects.toThrow(
    "larger than a piece",
  );
});

test("of nothing, nothing comes", async () => {
  expect((await decompressFrames(Buffer.alloc(0), MIB)).length).toBe(0);
});
