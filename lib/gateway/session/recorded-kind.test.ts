import { expect, test } from "vitest";
import { type AskedSession, recordedKind, tarStreamOf } from "./recorded-kind.ts";

const asked = (over: Partial<AskedSession>): AskedSession => ({
  subresource: "exec",
  command: ["sh"],
  container: null,
  tty: false,
  claimedCommand: null,
  ...over,
});

test.each<[string, Partial<AskedSession>]>([
  ["exec", { claimedCommand: "kubectl exec" }],
  ["exec", {}],
  ["exec", { claimedCommand: "kubectl cp", tty: true }],
  ["exec", { claimedCommand: "kubectl cp" }],
  ["exec", { command: ["test", "-d", "/x"] }],
  ["cp", { command: ["test", "-d", "/x"], claimedCommand: "kubectl cp" }],
  ["cp", { command: ["tar", "cf", "-", "/etc/hosts"] }],
  ["cp", { command: ["tar", "-xmf", "-", "-C", "/tmp"], claimedCommand: "kubectl cp" }],
  ["attach", { subresource: "attach", claimedCommand: "kubectl attach", container: "web" }],
  ["attach", { subresource: "attach" }],
  ["debug", { subresource: "attach", claimedCommand: "kubectl debug", container: "tools" }],
  ["debug", { subresource: "attach", container: "debugger-x7k2p" }],
  ["debug", { subresource: "attach", container: "debugger" }],
  ["run", { subresource: "attach", claimedCommand: "kubectl run" }],
])("is listed as %s: %o", (kind, over) => {
  expect(recordedKind(asked(over))).toBe(kind);
});

test.each([
  ["stdout", ["tar", "cf", "-", "/etc/hosts"]],
  ["stdout", ["/bin/tar", "czf", "-", "/etc"]],
  ["stdout", ["sh", "-c", "tar cf - /etc/hosts | tail -c+1"]],
  ["stdin", ["tar", "-xmf", "-", "-C", "/tmp"]],
  ["stdin", ["tar", "xf", "-"]],
  [undefined, ["tar", "tf", "/backup.tar"]],
  [undefined, ["tar", "cf", "/backup.tar", "/etc"]],
  [undefined, ["cat", "cf", "-"]],
  [undefined, ["sh", "-c"]],
])("has its tar stream in %s: %j", (stream, command) => {
  expect(tarStreamOf({ subresource: "exec", command })).toBe(stream);
});
