// npm run bench -- sessions-fuzz [--minutes 10]
// Real sessions, changed and cut anywhere, through the frame parsers, the recorder and a tunnel: elsewhere each time. Fails where something crashes,
// hangs, changes a byte, or writes a recording that cannot be read; says how much memory it took.
import { parseArgs } from "node:util";
import { passesEveryByte, takesWhateverComes } from "../lib/gateway/testing/session-properties.ts";
import { log } from "../lib/log.ts";
import fc from "../test/properties.ts";

const { values } = parseArgs({ options: { minutes: { type: "string" } } });
const forMs = (Number(values.minutes ?? 10) * 60_000) / 2;
log.level = "silent";

let failed = false;
for (const [what, property] of [
  ["parsers and recorder", takesWhateverComes],
  ["tunnel over sockets", passesEveryByte],
] as const) {
  const result = await fc.check(property, {
    seed: Date.now(),
    numRuns: Number.MAX_SAFE_INTEGER,
    interruptAfterTimeLimit: forMs,
    markInterruptAsFailure: false,
  });
  const megabytes = Math.round(process.resourceUsage().maxRSS / 1024);
  console.log(
    `${what}: ${result.numRuns} sessions in ${Math.round(forMs / 1000)} s, at most ${megabytes} MB so far`,
  );
  const problem = fc.defaultReportMessage(result);
  if (problem !== undefined) {
    failed = true;
    console.error(problem);
  }
}
process.exit(failed ? 1 : 0);
