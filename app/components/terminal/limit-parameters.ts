import type { Terminal } from "@xterm/xterm";

interface CsiId {
  prefix?: string;
  intermediates?: string;
  final: string;
}

/** What xterm.js has of a control function's parameters while it does it; its public interface gives a copy. */
interface Internals {
  _inputHandler: {
    _parser: {
      registerCsiHandler(id: CsiId, handler: (params: { params: Int32Array }) => boolean): unknown;
    };
  };
}

/** Control functions that do as much work as their parameter says (ECMA-48: ICH, IL, DCH, DL, SU, SD, CHT, CBT, SL, SR; DECIC, DECDC). */
const REPEATED: readonly CsiId[] = [
  ...["@", "L", "M", "P", "S", "T", "I", "Z"].map((final) => ({ final })),
  ...["@", "A"].map((final) => ({ intermediates: " ", final })),
  ...["}", "~"].map((final) => ({ intermediates: "'", final })),
];
/** REP: as many characters as it says, and their memory at once. */
const REPEAT: CsiId = { final: "b" };
const MOST_REPEATS = 10_000;

/**
 * Keeps a few bytes of what somebody's session showed from being work without end for who looks at it: beyond the screen's own size none of these functions
 * does anything more.
 */
export function limitParameters(terminal: Terminal): void {
  const { _parser: parser } = (terminal as unknown as { _core: Internals })._core._inputHandler;
  const limit = (id: CsiId, most: () => number) =>
    parser.registerCsiHandler(id, ({ params }) => {
      params[0] = Math.min(params[0] ?? 0, most());
      // Not handled: what it stands for is done next.
      return false;
    });
  for (const id of REPEATED) limit(id, () => Math.max(terminal.cols, terminal.rows));
  limit(REPEAT, () => MOST_REPEATS);
}
