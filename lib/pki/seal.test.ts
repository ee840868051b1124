import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { openSealedBytes, openSealedText, sealBytes, sealText } from "./seal.ts";

const key = randomBytes(32);
const context = "cluster/1";
const text = "a token, with ünïcode";

test("opens what it sealed, and seals the same text differently each time", () => {
  const sealed = sealText({ key, context, text });
  expect(openSealedText({ key, context, sealed })).toBe(text);
  expect(Buffer.from(sealed).includes("token")).toBe(false);
  expect(Buffer.from(sealText({ key, context, text })).equals(sealed)).toBe(false);
});

test("refuses another key and another context, and says which setting is wrong", () => {
  const sealed = sealText({ key, context, text });
  for (const other of [
    { key: randomBytes(32), context },
    { key, context: "cluster/2" },
  ]) {
    expect(() => openSealedText({ ...other, sealed })).toThrow(
      /encryption.key is not the key that sealed it/,
    );
  }
});

test("refuses bytes of which any was changed, and bytes that are cut", () => {
  const sealed = sealText({ key, context, text });
  for (let at = 0; at < sealed.length; at++) {
    const changed = Uint8Array.from(sealed);
    changed[at]! ^= 1;
    expect(() => openSealedText({ key, context, sealed: changed })).toThrow(/cannot be opened/);
  }
  for (const length of [0, 1, 28, 29, sealed.length - 1]) {
    expect(() => openSealedText({ key, context, sealed: sealed.subarray(0, length) })).toThrow(
      /cannot be opened/,
    );
  }
});

test("bytes are sealed as texts are, whatever they are", () => {
  for (const data of [Buffer.alloc(0), randomBytes(100_000), Buffer.from([0xff, 0xfe, 0x00])]) {
    const sealed = sealBytes({ key, context, data });
    expect(openSealedBytes({ key, context, sealed })).toEqual(data);
    expect(() => openSealedBytes({ key, context: "cluster/2", sealed })).toThrow(/cannot be opened/);
  }
  expect(openSealedBytes({ key, context, sealed: sealText({ key, context, text }) }).toString()).toBe(text);
});
