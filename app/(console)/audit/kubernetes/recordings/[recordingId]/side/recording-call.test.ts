import { expect, test } from "vitest";
import type { RecordingRelated } from "../../../../../../../lib/audit/recordings/schema.ts";
import { callsOf } from "./recording-call.ts";

type Call = RecordingRelated["calls"][number];
const call = (no: number, executedAt: string, result: Call["result"] = "success") =>
  ({ no, executedAt, result }) as Call;

test("calls stand at their moments, each once, the session's own rows among them", () => {
  const start = call(1, "2026-11-20T15:16:51.000Z");
  const end = call(9, "2026-11-20T15:17:00.500Z");
  const between = call(5, "2026-11-20T15:16:55.250Z", "failure");
  const related = { start, end, calls: [start, between], more: false };
  expect(
    callsOf(related, "2026-11-20T15:16:51.004Z").map(({ call: { no }, ...rest }) => ({ no, ...rest })),
  ).toEqual([
    { no: 1, atMs: 0, failed: false, part: "start" },
    { no: 5, atMs: 4_246, failed: true, part: null },
    { no: 9, atMs: 9_496, failed: false, part: "end" },
  ]);
});
