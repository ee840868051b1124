import { expect, test } from "vitest";
import { parseCommittedNotice } from "./committed.ts";

test("a notice is read", () => {
  const notice = { ledgerId: 0, stream: "kube_request", lastNo: 7 };
  expect(parseCommittedNotice(JSON.stringify(notice))).toEqual(notice);
});

test.each([
  '{"ledgerId":0,"stream":"recording","lastNo":7}',
  '{"ledgerId":0,"stream":"kube_request"}',
  "",
  "{",
  "null",
])("of %s nothing is understood, and nothing fails", (payload) => {
  expect(parseCommittedNotice(payload)).toBeNull();
});
