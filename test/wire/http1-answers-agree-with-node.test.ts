import { expect, test } from "vitest";
import { answersAgree, counts } from "../../lib/wire/http1/testing/http1-properties.ts";
import fc, { runsOf } from "../properties.ts";

// With the other one about a minute of a processor, elsewhere for longer: `npm run bench -- http1-fuzz`.
test("answers: whatever is taken, node:http reads the same", async () => {
  const runs = runsOf(80_000);
  await fc.assert(answersAgree, { numRuns: runs });
  expect(counts.answers).toBeGreaterThan(runs / 5);
}, 300_000);
