// npm run bench -- playback-fuzz [--minutes 10]
// Hostile output, and that of real programs with changes anywhere, through keyframes and the preparing of recordings: elsewhere each time. Fails where
// something crashes or hangs; says how much memory it took.
import { parseArgs } from "node:util";
import { rendersWhateverIsShown } from "../lib/recordings/playback/render/testing/hostile-output.ts";
import fc from "../test/properties.ts";

const { values } = parseArgs({ options: { minutes: { type: "string" } } });
const forMs = Number(values.minutes ?? 10) * 60_000;

const seed = Date.now() % 2 ** 31;
const result = await fc.check(rendersWhateverIsShown, {
  seed,
  numRuns: Number.MAX_SAFE_INTEGER,
  interruptAfterTimeLimit: forMs,
  markInterruptAsFailure: false,
});
console.log(
  `${result.numRuns} recordings in ${Math.round(forMs / 1000)} s, at most ${Math.round(process.resourceUsage().maxRSS / 1024)} MB`,
);
const problem = fc.defaultReportMessage(result);
if (problem !== undefined) console.error(problem);
process.exit(problem === undefined ? 0 : 1);
