import { expect, test } from "vitest";
import { FORMATS } from "../../formats/registry.ts";
import type { StreamRecord } from "../../surfaces/stream-record.ts";
import { callRecord } from "../../testing/records.ts";
import { variants } from "../../testing/variants.ts";
import { writeMessage } from "./message.ts";

const ORIGIN = { hostname: "kubewitness.example", enterpriseNumber: 32_473 };
const written = (record: StreamRecord = callRecord()) =>
  writeMessage({ record, text: FORMATS.native.encode(record) }, ORIGIN).toString();

/** RFC 5424, section 6: HEADER SP STRUCTURED-DATA SP MSG, behind the length of RFC 5425. */
const MESSAGE =
  /^(\d+) <(\d{1,3})>1 (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) ([\x21-\x7e]{1,255}) ([\x21-\x7e]{1,48}) ([\x21-\x7e]{1,128}) ([\x21-\x7e]{1,32}) \[([^ ="\]]{1,32})((?: [^ ="\]]{1,32}="(?:[^"\\\]]|\\["\\\]])*")*)\] \ufeff(.*)$/su;

test.each(variants())("%s is a message of RFC 5424 with its length", (_, record) => {
  const text = written(record);
  const [, length, priority, time, host, app, process, kind, element, , message] = MESSAGE.exec(text) ?? [];
  expect(Buffer.byteLength(text)).toBe(Number(length) + length!.length + 1);
  expect(Math.floor(Number(priority) / 8)).toBe(13);
  expect([host, app, process, kind, element]).toEqual([
    "kubewitness.example",
    "kubewitness",
    "-",
    record.surface,
    "kubewitness@32473",
  ]);
  expect(Date.parse(time!)).toBe(record.at);
  expect(JSON.parse(message!)).toMatchObject({ id: record.id });
});

test("a failure is a warning, all else a notice", () => {
  expect(written()).toMatch(/^\d+ <109>/);
  expect(written(callRecord({ result: "failure" }))).toMatch(/^\d+ <108>/);
});

test("what a client named cannot end a field, a line or the message", () => {
  const text = written(
    callRecord({ email: 'al"ice]\\ x', namespace: "shop\n<13>1 forged", clusterName: "e\u0007u" }),
  );
  expect(text).toContain(' user="al\\"ice\\]\\\\ x"');
  expect(text).toContain(' namespace="shop <13>1 forged"');
  expect(text).toContain(' cluster="e u"');
  expect(text).not.toContain("\n");
  expect(MESSAGE.test(text)).toBe(true);
});
