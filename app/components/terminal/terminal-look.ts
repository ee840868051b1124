import type { ITerminalOptions } from "@xterm/xterm";
import { terminalColours } from "./terminal-colours.ts";

/** A terminal that shows another machine's screen: the tokens' colours (styles/tokens.css) and nothing to type into. */
export function readOnlyTerminal() {
  const root = document.documentElement;
  return {
    disableStdin: true,
    cursorInactiveStyle: "block",
    fontFamily: getComputedStyle(root).getPropertyValue("--mono").trim(),
    // What was written in the colour of its ground, to be overlooked, is read all the same.
    minimumContrastRatio: 4.5,
    // A link in a session was written by whoever ran it: it opens nothing.
    linkHandler: { activate: () => {} },
    logLevel: "off",
    theme: terminalColours(root),
  } satisfies ITerminalOptions;
}
