import type { Terminal } from "@xterm/xterm";

const SMALLEST_PX = 7;
const LARGEST_PX = 15;
const STEP_PX = 0.25;
const TIGHTEST = 1.08;
const LOOSEST = 1.3;

/**
 * The largest font with which all columns and rows have room, and lines as far apart as there is room for. Where none is small enough, the
 * smallest that can be read. Cells are whole pixels high, so that it takes trying.
 */
export function fitFont(terminal: Terminal, room: { width: number; height: number }): void {
  const screen = terminal.element?.querySelector<HTMLElement>(".xterm-screen");
  if (!screen || room.width <= 0 || room.height <= 0) return;
  const { options } = terminal;
  const fits = () => screen.offsetWidth <= room.width && screen.offsetHeight <= room.height;
  options.lineHeight = TIGHTEST;
  let size = clamp(options.fontSize ?? LARGEST_PX);
  // A step up or down from the last size is the most frequent: a resize goes pixel by pixel.
  options.fontSize = size;
  for (; fits() && size < LARGEST_PX; options.fontSize = size) size = clamp(size + STEP_PX);
  for (; !fits() && size > SMALLEST_PX; options.fontSize = size) size = clamp(size - STEP_PX);
  options.lineHeight = 1;
  const height = screen.offsetHeight / terminal.rows;
  const most = Math.floor(room.height / terminal.rows) / height;
  options.lineHeight = Math.min(LOOSEST, Math.max(TIGHTEST, most));
}

const clamp = (size: number) => Math.min(LARGEST_PX, Math.max(SMALLEST_PX, size));
