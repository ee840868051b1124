import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { unpackZipEntry } from "./zip-entry.ts";

/** Written by Python's zipfile: a folder, `helm/helm` (deflated), `notes` (stored), a comment. */
const ARCHIVE = Buffer.from(
  "UEsDBBQAAAAAAAAAIVwAAAAAAAAAAAAAAAAFAAAAaGVsbS9QSwMEFAAAAAgAAAAhXIE8/jYaAAAAnAAAAAkAAABoZWxtL2hlbG1TVtRPyszTL87gSk3O" +
    "yFcoSEzOTk0ZHBQXAFBLAwQUAAAAAAAAACFcPEJVDxAAAAAQAAAABQAAAG5vdGVzc3RvcmVkIGFzIGl0IGlzClBLAQIUAxQAAAAAAAAAIVwAAAAAAAAAAAAA" +
    "AAAFAAAAAAAAAAAAAACAAQAAAABoZWxtL1BLAQIUAxQAAAAIAAAAIVyBPP42GgAAAJwAAAAJAAAAAAAAAAAAAACAASMAAABoZWxtL2hlbG1QSwECFAMUAAAA" +
    "AAAAACFcPEJVDxAAAAAQAAAABQAAAAAAAAAAAAAAgAFkAAAAbm90ZXNQSwUGAAAAAAMAAwCdAAAAlwAAABEAbWFkZSBmb3IgdGhlIHRlc3Q=",
  "base64",
);
const HELM = `#!/bin/sh\necho ${"packed ".repeat(20)}\n`;

let folder: string;
let archive: string;
let target: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "kubewitness-zip-"));
  archive = path.join(folder, "a.zip");
  target = path.join(folder, "unpacked");
  writeFileSync(archive, ARCHIVE);
});
afterEach(() => rmSync(folder, { recursive: true }));

test("unpacks what is deflated and what is stored, with the mode it is told", async () => {
  await unpackZipEntry(archive, "helm/helm", target, 0o755);
  expect(readFileSync(target, "utf8")).toBe(HELM);
  expect(statSync(target).mode & 0o777).toBe(0o755);
  await unpackZipEntry(archive, "notes", `${target}.notes`);
  expect(readFileSync(`${target}.notes`, "utf8")).toBe("stored as it is\n");
});

test("says what an archive lacks", async () => {
  await expect(unpackZipEntry(archive, "kubectl", target)).rejects.toThrow(`${archive} has no kubectl`);
  writeFileSync(archive, "not an archive, but long enough to be looked at");
  await expect(unpackZipEntry(archive, "notes", target)).rejects.toThrow(`${archive} is not a zip archive`);
});

test("fails where a byte of a file is another one", async () => {
  const damaged = Buffer.from(ARCHIVE);
  damaged[damaged.indexOf("stored as")] = 0x53;
  writeFileSync(archive, damaged);
  await expect(unpackZipEntry(archive, "notes", target)).rejects.toThrow("notes is damaged");
});
