import type { Attributes } from "./terminal-internals.ts";

// Colour modes of @xterm/headless (Attributes.CM_*).
const PALETTE_16 = 0x1000000;
const PALETTE_256 = 0x2000000;
const RGB = 0x3000000;
const COLOUR_MODE = 0x3000000;

/** What every terminal begins with. */
export const PLAIN_SGR = "\x1b[0m";

/** The SGR sequence (ECMA-48, 8.3.117) that gives exactly these attributes, whatever was on before. */
export function sgrOf(attributes: Attributes): string {
  const codes = [
    "0",
    ...flagCodes(attributes),
    ...colourCodes(attributes.getFgColorMode(), attributes.getFgColor(), {
      first: 30,
      bright: 90,
      other: 38,
    }),
    ...colourCodes(attributes.getBgColorMode(), attributes.getBgColor(), {
      first: 40,
      bright: 100,
      other: 48,
    }),
    ...underlineColourCodes(attributes),
  ];
  return `\x1b[${codes.join(";")}m`;
}

/** The background alone, as what erases leaves it. */
export function backgroundSgrOf(attributes: Attributes): string {
  const codes = colourCodes(attributes.getBgColorMode(), attributes.getBgColor(), {
    first: 40,
    bright: 100,
    other: 48,
  });
  return `\x1b[${["0", ...codes].join(";")}m`;
}

/** Whether it is seen even without a character. */
export const isMarked = (attributes: Attributes): boolean =>
  [
    attributes.isInverse(),
    attributes.isUnderline(),
    attributes.isOverline(),
    attributes.isStrikethrough(),
  ].some(Boolean);

function flagCodes(attributes: Attributes): string[] {
  const style = attributes.getUnderlineStyle();
  const flags: [number, string][] = [
    [attributes.isBold(), "1"],
    [attributes.isDim(), "2"],
    [attributes.isItalic(), "3"],
    [attributes.isUnderline(), style > 1 ? `4:${style}` : "4"],
    [attributes.isBlink(), "5"],
    [attributes.isInverse(), "7"],
    [attributes.isInvisible(), "8"],
    [attributes.isStrikethrough(), "9"],
    [attributes.isOverline(), "53"],
  ];
  return flags.flatMap(([on, code]) => (on ? code : []));
}

function colourCodes(
  mode: number,
  colour: number,
  { first, bright, other }: Record<"first" | "bright" | "other", number>,
): string[] {
  if (mode === PALETTE_16) return [String(colour < 8 ? first + colour : bright + colour - 8)];
  if (mode === PALETTE_256) return [`${other};5;${colour}`];
  return mode === RGB ? [`${other};2;${rgb(colour, ";")}`] : [];
}

function underlineColourCodes(attributes: Attributes): string[] {
  const colour = attributes.hasExtendedAttrs() ? attributes.extended.underlineColor : 0;
  const mode = colour & COLOUR_MODE;
  // Without a mode an underline has the text's colour.
  if (mode === 0) return [];
  return [mode === RGB ? `58:2::${rgb(colour, ":")}` : `58:5:${colour & 0xff}`];
}

const rgb = (colour: number, between: string): string =>
  [colour >>> 16, colour >>> 8, colour].map((part) => part & 0xff).join(between);
