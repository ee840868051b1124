import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readPrivateFile, writePrivateFile } from "./private-file.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "kubewitness-cli-file-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("a file is its owner's alone from the beginning, in a folder that is, and nothing is left beside it", () => {
  const file = path.join(folder, "kubewitness", "sign-ins", "x.json");
  const mask = process.umask(0);
  try {
    writePrivateFile(file, "secret");
  } finally {
    process.umask(mask);
  }
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(path.dirname(file)).mode & 0o777).toBe(0o700);
  expect(statSync(path.join(folder, "kubewitness")).mode & 0o777).toBe(0o700);
  expect(readPrivateFile(file)).toBe("secret");
  writePrivateFile(file, "another");
  expect(readdirSync(path.dirname(file))).toEqual(["x.json"]);
});

test.each([0o640, 0o604, 0o660, 0o602])("one of mode %o is refused, with what to do", (mode) => {
  const file = path.join(folder, "x.json");
  writePrivateFile(file, "secret");
  chmodSync(file, mode);
  expect(() => readPrivateFile(file)).toThrow(
    `${file} can be read or written by others (mode 0${mode.toString(8)})`,
  );
  expect(() => readPrivateFile(file)).toThrow(`chmod 600 ${file}`);
});

test("one that is not there is nothing", () => {
  expect(readPrivateFile(path.join(folder, "none"))).toBeNull();
});
