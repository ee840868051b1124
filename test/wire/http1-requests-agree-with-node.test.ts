import { expect, test } from "vitest";
import { counts, requestsAgree } from "../../lib/wire/http1/testing/http1-properties.ts";
import fc, { runsOf } from "../properties.ts";

// With the other one about a minute of a processor, elsewhere for longer: `npm run bench -- http1-fuzz`.
test("requests: whatever is taken, node:http reads the same, and the next one where it begins", async () => {
  const runs = runsOf(80_000);
  await fc.assert(requestsAgree, { numRuns: runs });
  expect(counts.requests).toBeGreaterThan(runs / 5);
}, 300_000);
