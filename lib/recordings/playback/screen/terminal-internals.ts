import type { Terminal } from "@xterm/headless";

/** A cell's or the cursor's attributes, as @xterm/headless has them. */
export interface Attributes {
  isBold(): number;
  isDim(): number;
  isItalic(): number;
  isUnderline(): number;
  isBlink(): number;
  isInverse(): number;
  isInvisible(): number;
  isStrikethrough(): number;
  isOverline(): number;
  getFgColorMode(): number;
  getFgColor(): number;
  getBgColorMode(): number;
  getBgColor(): number;
  getUnderlineStyle(): number;
  hasExtendedAttrs(): number;
  extended: { underlineColor: number };
}

export interface Cell extends Attributes {
  getChars(): string;
  getWidth(): number;
}

export interface ScreenBuffer {
  x: number;
  y: number;
  ybase: number;
  scrollTop: number;
  scrollBottom: number;
  tabs: Readonly<Record<number, boolean | undefined>>;
  savedX: number;
  savedY: number;
  savedCurAttrData: Attributes;
  savedCharset: object | undefined;
}

interface Params {
  params: Int32Array;
  length: number;
}

/** What a terminal knows and its public interface does not tell. */
export interface Internals {
  writeSync(text: string): void;
  /** `isWrapped`: the line goes on in the row that appears. */
  _bufferService: { scroll(erased: unknown, isWrapped?: boolean): void };
  buffers: { active: ScreenBuffer; normal: ScreenBuffer; alt: ScreenBuffer };
  coreService: {
    isCursorHidden: boolean;
    decPrivateModes: { cursorStyle?: "block" | "underline" | "bar"; cursorBlink?: boolean };
  };
  optionsService: { options: { convertEol: boolean } };
  _charsetService: { charset: object | undefined; glevel: number; _charsets: (object | undefined)[] };
  _inputHandler: {
    _curAttrData: Attributes;
    _stringDecoder: { _interim: number };
    _parser: {
      currentState: number;
      precedingJoinState: number;
      registerCsiHandler(id: CsiId, handler: (params: Params) => boolean): void;
    };
  };
}

export interface CsiId {
  prefix?: string;
  intermediates?: string;
  final: string;
}

/**
 * The inner state of @xterm/headless, whose version is fixed in package.json: a keyframe needs what no public interface tells
 * (docs/decisions/0138). Throws where another version has it otherwise.
 */
export function internalsOf(terminal: Terminal): Internals {
  const core = (terminal as unknown as { _core: Internals })._core;
  const { _inputHandler: input, _charsetService: charsets, buffers, coreService, optionsService } = core;
  const known = [
    typeof core.writeSync === "function",
    typeof core._bufferService.scroll === "function",
    typeof buffers.active.savedX === "number",
    typeof buffers.active.scrollBottom === "number",
    typeof coreService.isCursorHidden === "boolean",
    typeof optionsService.options.convertEol === "boolean",
    Array.isArray(charsets._charsets),
    typeof input._curAttrData.getUnderlineStyle === "function",
    typeof input._stringDecoder._interim === "number",
    typeof input._parser.currentState === "number",
    typeof input._parser.precedingJoinState === "number",
  ];
  if (known.includes(false)) {
    throw new Error(
      "@xterm/headless is not the version that lib/recordings/playback/screen/terminal-internals.ts knows",
    );
  }
  return core;
}
