// npm run bench -- http1-fuzz [--minutes 60]
// Requests and answers that are nearly HTTP/1.1, and captured ones, changed and cut anywhere, through the readers of lib/wire/http1 and through node:http:
// elsewhere each time. Fails where one is taken that node:http reads otherwise.
import { parseArgs } from "node:util";
import { answersAgree, counts, requestsAgree } from "../lib/wire/http1/testing/http1-properties.ts";
import fc from "../test/properties.ts";

const { values } = parseArgs({ options: { minutes: { type: "string" } } });
const forMs = (Number(values.minutes ?? 60) * 60_000) / 2;

let failed = false;
for (const [what, property] of [
  ["answers", answersAgree],
  ["requests", requestsAgree],
] as const) {
  const result = await fc.check(property as fc.IAsyncProperty<unknown>, {
    seed: Date.now(),
    numRuns: Number.MAX_SAFE_INTEGER,
    interruptAfterTimeLimit: forMs,
    markInterruptAsFailure: false,
  });
  const megabytes = Math.round(process.resourceUsage().maxRSS / 1024);
  console.log(
    `streams of ${what}: ${result.numRuns} in ${Math.round(forMs / 1000)} s, ${JSON.stringify(counts)}, at most ${megabytes} MB so far`,
  );
  const problem = fc.defaultReportMessage(result);
  if (problem !== undefined) {
    failed = true;
    console.error(problem);
  }
}
process.exit(failed ? 1 : 0);
