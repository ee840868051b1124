import { expect, test } from "vitest";
import { createChangingRedactor, createTextRedactor } from "./redact-text.ts";
import { UnchangedTexts } from "./unchanged-texts.ts";

const SECRET = "kubectl login --token=hunter22";

test("a text that holds a secret is redacted each time that it comes", () => {
  const redactor = createTextRedactor();
  for (let time = 0; time < 3; time++) {
    expect(redactor.redactText("password=hunter22")).toBe("password=[redacted 8 bytes]");
    expect(redactor.redactArguments([SECRET])).toEqual(["kubectl login --token=[redacted 8 bytes]"]);
  }
});

test("what is no secret in a sentence may be one in a command", () => {
  const redactor = createTextRedactor();
  const text = "mysql -phunter22";
  expect(redactor.redactText(text)).toBe(text);
  expect(redactor.redactArguments([text])).toEqual(["mysql -p[redacted 8 bytes]"]);
  expect(redactor.redactText(text)).toBe(text);
});

test("a command is searched anew once administrators look for something else", () => {
  let patterns: RegExp[] = [];
  const redactor = createChangingRedactor(() => patterns);
  const command = ["deploy tk-123"];
  expect(redactor.redactArguments(command)).toEqual(command);
  expect(redactor.redactArguments(command)).toEqual(command);
  patterns = [/tk-\d+/];
  expect(redactor.redactArguments(command)).toEqual(["deploy [redacted 6 bytes]"]);
  patterns = [];
  expect(redactor.redactArguments(command)).toEqual(command);
});

test("whatever comes, few texts are kept, and only short ones", () => {
  const texts = new UnchangedTexts();
  const nameOf = (index: number) => `name-${index}`;
  for (let index = 0; index < 20_000; index++) texts.add(nameOf(index));
  const kept = Array.from({ length: 20_000 }, (_, index) => index).filter((index) =>
    texts.has(nameOf(index)),
  );
  expect(kept).toContain(19_999);
  expect(kept.length).toBeLessThanOrEqual(4_096);
  texts.add("x".repeat(129));
  expect(texts.has("x".repeat(129))).toBe(false);
});

test("a text that comes again and again is kept while others pass", () => {
  const texts = new UnchangedTexts();
  texts.add("kubectl get");
  for (let index = 0; index < 20_000; index++) {
    texts.add(`name-${index}`);
    expect(texts.has("kubectl get")).toBe(true);
  }
});
