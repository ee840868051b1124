import headless from "@xterm/headless";
import { internalsOf } from "./terminal-internals.ts";

/** The finals that designate a set, and are known to @xterm/headless; `B`, ASCII, is what there is without one. */
const DESIGNATORS = ["0", "A", "4", "C", "5", "R", "Q", "K", "Y", "E", "6", "Z", "H", "7", "="];

let designators: Map<object, string> | null = null;

/** What designates a character set of a terminal's inside; null for ASCII. */
export function designatorOf(set: object | undefined): string | null {
  if (!set) return null;
  designators ??= readDesignators();
  return designators.get(set) ?? null;
}

/** The sets are the same objects in all terminals. */
function readDesignators(): Map<object, string> {
  const terminal = new headless.Terminal({ cols: 2, rows: 1, allowProposedApi: true, logLevel: "off" });
  const core = internalsOf(terminal);
  const found = DESIGNATORS.flatMap((designator) => {
    core.writeSync(`\x1b(B\x1b(${designator}`);
    const set = core._charsetService.charset;
    return set ? [[set, designator] as const] : [];
  });
  terminal.dispose();
  return new Map(found);
}
