import { rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import { Lab } from "../testing/lab.ts";
import { serviceAccountToken } from "./service-account-token.ts";

const lab = new Lab();
afterEach(() => lab.close());

test("takes the next token within ten seconds after Kubernetes has put it there", async () => {
  const folder = lab.folder();
  const file = path.join(folder, "token");
  await writeFile(file, "first\n");
  let now = 0;
  const token = serviceAccountToken(file, () => now);
  expect(await token()).toBe("first");
  await writeFile(`${file}.new`, "second\n");
  await rename(`${file}.new`, file);
  now = 9_999;
  expect(await token()).toBe("first");
  now = 10_000;
  expect(await token()).toBe("second");
});

test("a file that is not there, or holds no token, is told and looked for again", async () => {
  const file = path.join(lab.folder(), "token");
  const token = serviceAccountToken(file, () => 0);
  await expect(token()).rejects.toThrow(
    "the service account's token (KUBERNETES_TOKEN_FILE) cannot be read: ENOENT",
  );
  await writeFile(file, "not\na token");
  await expect(token()).rejects.toThrow(`${file} (KUBERNETES_TOKEN_FILE) holds no token`);
  await writeFile(file, "good");
  expect(await token()).toBe("good");
});
