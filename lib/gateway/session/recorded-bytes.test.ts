import { expect, test } from "vitest";
import fc from "../../../test/properties.ts";
import { passesEveryByte, SESSIONS, takesWhateverComes } from "../testing/session-properties.ts";

/** `npm run bench -- sessions-fuzz` looks for longer, elsewhere each time. */
const SHORT = { interruptAfterTimeLimit: 25_000, markInterruptAsFailure: false };

test("whatever comes is taken: nothing crashes or hangs, no byte is changed, the recording can be read", async () => {
  const result = await fc.check(takesWhateverComes, { numRuns: 8_000, ...SHORT });
  expect(fc.defaultReportMessage(result)).toBeUndefined();
  expect(result.numRuns).toBeGreaterThan(SESSIONS.length);
}, 60_000);

test("over sockets each side gets what the other sent, to the byte, though all of it is watched and recorded", async () => {
  const result = await fc.check(passesEveryByte, { numRuns: 1_500, ...SHORT });
  expect(fc.defaultReportMessage(result)).toBeUndefined();
  expect(result.numRuns).toBeGreaterThan(SESSIONS.length);
}, 60_000);
