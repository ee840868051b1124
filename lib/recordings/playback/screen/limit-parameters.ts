import type { Terminal } from "@xterm/headless";
import type { CsiId, Internals } from "./terminal-internals.ts";

/** Control functions that do as much work as their parameter says (ECMA-48: ICH, IL, DCH, DL, SU, SD, CHT, CBT, SL, SR; DECIC, DECDC). */
const REPEATED: readonly CsiId[] = [
  ...["@", "L", "M", "P", "S", "T", "I", "Z"].map((final) => ({ final })),
  ...["@", "A"].map((final) => ({ intermediates: " ", final })),
  ...["}", "~"].map((final) => ({ intermediates: "'", final })),
];
/** REP: as many characters as it says, and their memory at once. */
const REPEAT: CsiId = { final: "b" };
const MOST_REPEATS = 10_000;

/** Keeps a few bytes of output from being work without end: beyond the screen's own size none of these functions does anything more. */
export function limitParameters(terminal: Terminal, { _inputHandler: { _parser: parser } }: Internals): void {
  const limit = (id: CsiId, most: () => number) =>
    parser.registerCsiHandler(id, ({ params }) => {
      params[0] = Math.min(params[0] ?? 0, most());
      // Not handled: what it stands for is done next.
      return false;
    });
  for (const id of REPEATED) limit(id, () => Math.max(terminal.cols, terminal.rows));
  limit(REPEAT, () => MOST_REPEATS);
}
