import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestInstallation, type TestInstallation } from "../../../test/installation.ts";
import { COMMITTED_CHANNEL } from "../store/committed.ts";
import { streamCommitted } from "./live.ts";

let installation: TestInstallation;
beforeAll(async () => {
  installation = await createTestInstallation();
});
afterAll(() => installation.close());

const notify = (notice: object) =>
  installation.pool.query("select pg_notify($1, $2)", [COMMITTED_CHANNEL, JSON.stringify(notice)]);

test("a notice of a stream that this version does not know ends no live list", async () => {
  const controller = new AbortController();
  let committed = 0;
  const stream = streamCommitted({
    stream: "kube_request" as const,
    afterNo: 0,
    signal: controller.signal,
    readNew: async (afterNo) => ({
      lastNo: committed,
      data: committed > afterNo ? { upTo: committed } : null,
    }),
  });
  let received = "";
  const reading = (async () => {
    for await (const chunk of stream) received += new TextDecoder().decode(chunk);
  })();
  await expect.poll(() => received).toContain("listening");
  await notify({ ledgerId: 0, stream: "recording", lastNo: 1 });
  await notify({ unheard: "of" });
  committed = 5;
  await notify({ ledgerId: 0, stream: "kube_request", lastNo: 5 });
  await expect.poll(() => received, { timeout: 20_000 }).toContain('data: {"upTo":5}');
  controller.abort();
  await reading;
});
