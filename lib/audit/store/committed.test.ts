import { expect, test } from "vitest";
import { parseCommittedNotice } from "./committed.ts";

test.each(["kube_request", "audit_event", "recording"])("a notice of %s is read", (stream) => {
  const notice = { ledgerId: 0, stream, lastNo: 7 };
  expect(parseCommittedNotice(JSON.stringify(notice))).toEqual(notice);
});

test.each([
  '{"ledgerId":0,"stream":"of_a_newer_version","lastNo":7}',
  '{"ledgerId":0,"stream":"kube_request"}',
  "",
  "{",
  "null",
])("of %s nothing is understood, and nothing fails", (payload) => {
  expect(parseCommittedNotice(payload)).toBeNull();
});
