import { expect, test } from "vitest";
import type { CastEvent } from "../../cast/cast-event.ts";
import { readPrograms } from "../fixtures/read-cast.ts";
import { parseSize } from "./screen-size.ts";
import { TerminalScreen } from "./terminal-screen.ts";
import { screenCells } from "./testing/screen-cells.ts";

function take(screen: TerminalScreen, { code, data }: CastEvent): void {
  if (code === "r") screen.resize(parseSize(data)!);
  else screen.write(data);
}

/** Looking at a whole screen takes its time. */
const EVERY = 5;

test("at any moment of real programs a keyframe is the screen, and goes on as it does", () => {
  const { size, events } = readPrograms();
  const whole = new TerminalScreen(size);
  let followed: TerminalScreen | null = null;
  let keyframes = 0;
  for (const [index, event] of events.entries()) {
    take(whole, event);
    if (followed) take(followed, event);
    if (index % EVERY > 0) continue;
    const keyframe = whole.keyframe();
    if (keyframe === null) continue;
    keyframes += 1;
    const { cols: columns, rows } = whole.terminal;
    const part = new TerminalScreen({ columns, rows });
    part.write(keyframe);
    const now = screenCells(whole);
    expect(screenCells(part), `at event ${index}`).toEqual(now);
    if (followed) expect(screenCells(followed), `followed to event ${index}`).toEqual(now);
    // Each is followed for a while: what it goes on with is right, too.
    if (index % (8 * EVERY) === 0) followed = part;
  }
  expect(keyframes).toBeGreaterThan((events.length / EVERY) * 0.95);
}, 120_000);
