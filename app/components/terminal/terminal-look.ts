import type { ITerminalOptions, ITheme } from "@xterm/xterm";

const COLOURS = [
  "black",
  "red",
  "green",
  "yellow",
  "blue",
  "magenta",
  "cyan",
  "white",
  "brightBlack",
  "brightRed",
  "brightGreen",
  "brightYellow",
  "brightBlue",
  "brightMagenta",
  "brightCyan",
  "brightWhite",
] as const satisfies readonly (keyof ITheme)[];

/** A terminal that shows another machine's screen: the tokens' colours (styles/tokens.css) and nothing to type into. */
export function readOnlyTerminal(): ITerminalOptions {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const colours = Object.fromEntries(
    COLOURS.map((name) => [
      name,
      token(`term-${name.replace(/[A-Z]/, (letter) => `-${letter.toLowerCase()}`)}`),
    ]),
  );
  return {
    disableStdin: true,
    cursorInactiveStyle: "block",
    fontFamily: token("mono"),
    // What was written in the colour of its ground, to be overlooked, is read all the same.
    minimumContrastRatio: 4.5,
    // A link in a session was written by whoever ran it: it opens nothing.
    linkHandler: { activate: () => {} },
    logLevel: "off",
    theme: {
      ...colours,
      background: token("term-bg"),
      foreground: token("term-fg"),
      cursor: token("term-fg"),
      cursorAccent: token("term-bg"),
      selectionBackground: token("term-selection"),
    },
  };
}
