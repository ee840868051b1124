import type { ITheme } from "@xterm/xterm";

/** The colours of a terminal: those of the console's tokens, dark in both themes, as a screen of another machine is. */
export function terminalColours(element: Element): ITheme {
  const style = getComputedStyle(element);
  const token = (name: string) => style.getPropertyValue(`--term-${name}`).trim();
  const [background, foreground, dim] = [token("bg"), token("fg"), token("dim")];
  const [green, red, amber, blue] = [token("green"), token("red"), token("amber"), token("blue")];
  return {
    background,
    foreground,
    cursor: foreground,
    cursorAccent: background,
    selectionBackground: token("field-line"),
    black: token("line"),
    brightBlack: dim,
    red,
    brightRed: red,
    green,
    brightGreen: green,
    yellow: amber,
    brightYellow: token("mark-fg"),
    blue,
    brightBlue: blue,
    magenta: token("violet"),
    brightMagenta: token("violet"),
    cyan: token("cyan"),
    brightCyan: token("cyan"),
    white: foreground,
    brightWhite: token("bright"),
  };
}
