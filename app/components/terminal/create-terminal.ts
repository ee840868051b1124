import "@xterm/xterm/css/xterm.css";
import type { ITerminalOptions, Terminal } from "@xterm/xterm";
import { limitParameters } from "./limit-parameters.ts";

/**
 * A terminal that is yet to be opened in an element. The library needs a browser from its first line on, and is loaded when it is first
 * needed. Rejects where it cannot be loaded.
 */
export async function createTerminal(options: ITerminalOptions & { fontFamily: string }): Promise<Terminal> {
  const [{ Terminal }] = await Promise.all([
    import("@xterm/xterm"),
    // Cells are measured once: with the font that they will be drawn in. Without it the next of the family is drawn.
    document.fonts.load(`12px ${options.fontFamily}`).catch(() => []),
  ]);
  const terminal = new Terminal(options);
  limitParameters(terminal);
  return terminal;
}
