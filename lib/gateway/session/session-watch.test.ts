import { expect, test } from "vitest";
import { DEFAULT_RECORDING } from "../../access/policy/schema.ts";
import { createTextRedactor } from "../../audit/redaction/redact-text.ts";
import { WireError } from "../../wire/wire-error.ts";
import { Refusal } from "../answer/refusal.ts";
import { asUpgrade, resolveRequestInfo } from "../request/request-info.ts";
import { parseRequestTarget } from "../request/request-target.ts";
import { EXEC } from "../testing/upgrade-heads.ts";
import { createSessionWatch, describeSessionEnd, type SessionWatch } from "./session-watch.ts";

function watchOf(path: string): SessionWatch {
  const target = parseRequestTarget(`/k8s/clusters/prod${path}`);
  if ("refused" in target) throw new Error(target.refused);
  const { segments, query } = target;
  const info = asUpgrade(resolveRequestInfo({ method: "GET", segments, query }));
  const headers = { upgrade: "websocket", "sec-websocket-protocol": "v5.channel.k8s.io" };
  const call = { info, target, permit: { recording: DEFAULT_RECORDING } };
  const watch = createSessionWatch({ redactor: createTextRedactor() }, call, { headers }, null);
  if (watch instanceof Refusal) throw new Error(watch.message);
  return watch;
}

const failed = (error: Error) => ({ kind: "observer-failed", error }) as const;

test.each([
  ["an exec", `${EXEC}?command=ls`],
  ["a proxied program", "/api/v1/namespaces/a/services/web/proxy/ws"],
])("the end of %s that an observer ended has its reason, whatever else ended it meanwhile", (_what, path) => {
  const error = new Error("the recording cannot be written: disk full");
  for (const given of [null, { reason: "revoked", message: "access was revoked" } as const]) {
    expect(describeSessionEnd(watchOf(path), failed(error), given)).toEqual({
      result: "failure",
      message: "Session ended: the recording cannot be written: disk full",
    });
  }
});

test("a broken protocol is called that", () => {
  const error = new WireError("malformed-frame", "a frame without a mask");
  expect(describeSessionEnd(watchOf(`${EXEC}?command=ls`), failed(error), null).message).toBe(
    "Session ended: the protocol was violated (a frame without a mask)",
  );
});
