import type { IModes, Terminal } from "@xterm/headless";
import { PLAIN_SGR, sgrOf } from "./attributes-sgr.ts";
import { bufferContent, moveTo } from "./buffer-content.ts";
import { designatorOf } from "./character-sets.ts";
import type { Cell, Internals, ScreenBuffer } from "./terminal-internals.ts";

interface Size {
  columns: number;
  rows: number;
}

const TAB_WIDTH = 8;
const GROUND = 0;

/**
 * What makes a new terminal of the same size show what this one shows, and go on from there as this one would: characters, attributes, cursor,
 * both buffers, scroll regions, saved cursors, tab stops, character sets, modes. Null while an escape sequence is half read: then it is to be
 * asked for later, or `anyway`, without what was read of it. Beyond the screen's own cells (links, the title, colours that were redefined) nothing is kept.
 */
export function keyframeOf(terminal: Terminal, core: Internals, { anyway = false } = {}): string | null {
  if (!anyway && !isAtRest(core)) return null;
  const size = { columns: terminal.cols, rows: terminal.rows };
  const { normal, alt, active } = core.buffers;
  let text = bufferContent(terminal.buffer.normal, size) + bufferState(normal, size);
  if (active === alt) {
    // 1047 and not 1049, which would save the cursor.
    text += `${PLAIN_SGR}\x1b[?1047h`;
    text += bufferContent(terminal.buffer.alternate, size) + bufferState(alt, size);
  }
  return text + modes(terminal.modes, core) + cursor(terminal, core);
}

/** Whether what comes next is read as it is: nothing of a sequence or of a character has been read. */
function isAtRest({ _inputHandler: input }: Internals): boolean {
  return input._parser.currentState === GROUND && input._stringDecoder._interim === 0;
}

/** What belongs to one buffer and is no cell. */
function bufferState(buffer: ScreenBuffer, { columns, rows }: Size): string {
  const { scrollTop, scrollBottom } = buffer;
  const region =
    scrollTop === 0 && scrollBottom === rows - 1 ? "" : `\x1b[${scrollTop + 1};${scrollBottom + 1}r`;
  return tabStops(buffer, columns) + savedCursor(buffer) + region;
}

function tabStops({ tabs }: ScreenBuffer, columns: number): string {
  const stops = Array.from({ length: columns }, (_, x) => x).filter((x) => tabs[x]);
  const usual = Array.from({ length: Math.ceil(columns / TAB_WIDTH) }, (_, index) => index * TAB_WIDTH);
  if (stops.join() === usual.join()) return "";
  return `\x1b[3g${stops.map((x) => `\x1b[${x + 1}G\x1bH`).join("")}`;
}

function savedCursor({ savedX, savedY, ybase, savedCurAttrData, savedCharset }: ScreenBuffer): string {
  const style = sgrOf(savedCurAttrData);
  const y = Math.max(savedY - ybase, 0);
  if (savedX === 0 && y === 0 && style === PLAIN_SGR && !savedCharset) return "";
  const designator = designatorOf(savedCharset);
  const set = designator === null ? "" : `\x1b(${designator}`;
  return `${style}${set}${moveTo(savedX, y)}\x1b7${set && "\x1b(B"}`;
}

const MOUSE_MODES: Record<IModes["mouseTrackingMode"], string> = {
  none: "",
  x10: "\x1b[?9h",
  vt200: "\x1b[?1000h",
  drag: "\x1b[?1002h",
  any: "\x1b[?1003h",
};

const CURSOR_STYLES = { block: 1, underline: 3, bar: 5 };

function modes(on: IModes, { coreService, optionsService }: Internals): string {
  const { cursorStyle, cursorBlink } = coreService.decPrivateModes;
  const sequences: [boolean, string][] = [
    [on.applicationCursorKeysMode, "\x1b[?1h"],
    [on.applicationKeypadMode, "\x1b[?66h"],
    [on.bracketedPasteMode, "\x1b[?2004h"],
    [on.reverseWraparoundMode, "\x1b[?45h"],
    [on.sendFocusMode, "\x1b[?1004h"],
    [!on.wraparoundMode, "\x1b[?7l"],
    [optionsService.options.convertEol, "\x1b[20h"],
    [coreService.isCursorHidden, "\x1b[?25l"],
    [on.originMode, "\x1b[?6h"],
  ];
  const style = cursorStyle ? `\x1b[${CURSOR_STYLES[cursorStyle] + (cursorBlink ? 0 : 1)} q` : "";
  return (
    sequences.map(([isOn, text]) => (isOn ? text : "")).join("") + MOUSE_MODES[on.mouseTrackingMode] + style
  );
}

/** The cursor's place and attributes, the character sets, and whether the next character would join the last one. */
function cursor(terminal: Terminal, core: Internals): string {
  const { active } = core.buffers;
  const { _curAttrData, _parser } = core._inputHandler;
  const style = sgrOf(_curAttrData);
  const insert = terminal.modes.insertMode ? "\x1b[4h" : "";
  const top = terminal.modes.originMode ? active.scrollTop : 0;
  const place = (x: number) => moveTo(Math.min(x, terminal.cols - 1), Math.max(active.y - top, 0));
  const last = lastCell(terminal, active);
  const { sets, restored } = characterSets(core);
  // Only a character that is written leads behind the last column, and can be joined by the next.
  if (last && _parser.precedingJoinState !== 0) {
    // In insert mode it moves the others aside: it makes its own room first.
    const room = insert && `${place(last.x)}\x1b[${active.x - last.x}P${insert}`;
    return `${sets}${restored}${room}${place(last.x)}${style}${last.chars}`;
  }
  if (last && active.x >= terminal.cols)
    return `${last.style}${place(last.x)}${last.chars}${sets}${insert}${style}`;
  return `${sets}${restored}${place(active.x)}${insert}${style}`;
}

/** The character before the cursor; behind the last column there is one, if only a space. */
function lastCell(
  terminal: Terminal,
  { x, y }: ScreenBuffer,
): { x: number; chars: string; style: string } | null {
  const line = terminal.buffer.active.getLine(terminal.buffer.active.baseY + y);
  const cellAt = (column: number) => line?.getCell(column) as unknown as Cell | undefined;
  const isSecondHalf = cellAt(x - 1)?.getWidth() === 0 && cellAt(x - 1)?.getChars() === "";
  const at = isSecondHalf ? x - 2 : x - 1;
  const cell = cellAt(at);
  const chars = cell?.getChars() || (x >= terminal.cols ? " " : "");
  return cell && chars !== "" ? { x: at, chars, style: sgrOf(cell) } : null;
}

const DESIGNATE = ["(", ")", "*", "+"];
const SHIFT = ["\x0f", "\x0e", "\x1bn", "\x1bo"];

/** G0 to G3, and which is in use (ISO 2022). `restored`: after that, the set that came back with a saved cursor; it moves the cursor. */
function characterSets({ _charsetService: { _charsets, charset, glevel } }: Internals) {
  const designated = DESIGNATE.map((intermediate, level) => {
    const designator = designatorOf(_charsets[level]);
    return designator === null ? "" : `\x1b${intermediate}${designator}`;
  });
  return {
    sets: designated.join("") + (glevel === 0 ? "" : SHIFT[glevel]),
    restored: charset === _charsets[glevel] ? "" : "\x1b8",
  };
}
