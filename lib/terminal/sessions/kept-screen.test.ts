import headless from "@xterm/headless";
import { expect, test } from "vitest";
import { KeptScreen } from "./kept-screen.ts";

const SIZE = { columns: 40, rows: 6 };

/** A browser's terminal that draws what was kept. */
async function drawn(screen: KeptScreen) {
  const { columns, rows, data } = screen.draw();
  const terminal = new headless.Terminal({ cols: columns, rows, scrollback: 5_000, allowProposedApi: true });
  await new Promise<void>((resolve) => terminal.write(data, resolve));
  const { active } = terminal.buffer;
  const lines = Array.from({ length: active.length }, (_, y) => active.getLine(y)!.translateToString(true));
  return { lines, cursor: [active.cursorX, active.cursorY], above: active.baseY, kind: active.type };
}

test("a screen is drawn with the lines above it and its cursor", async () => {
  const screen = new KeptScreen(SIZE);
  for (let line = 1; line <= 20; line += 1)
    screen.write(Buffer.from(`\x1b[3${line % 8}mline ${line}\x1b[m\r\n`));
  screen.write(Buffer.from("$ kubectl get"));
  const { lines, cursor } = await drawn(screen);
  const all = [...Array.from({ length: 20 }, (_, at) => `line ${at + 1}`), "$ kubectl get"];
  expect(lines.filter((line) => line !== "")).toEqual(all);
  expect(lines.slice(-SIZE.rows)).toEqual(all.slice(-SIZE.rows));
  expect(cursor).toEqual([13, 5]);
});

test("an editor's screen is drawn as one, and what was before it comes back", async () => {
  const screen = new KeptScreen(SIZE);
  screen.write(Buffer.from("before\r\n\x1b[?1049h\x1b[H\x1b[2Jin vi"));
  expect(await drawn(screen)).toMatchObject({ kind: "alternate", lines: expect.arrayContaining(["in vi"]) });
  screen.write(Buffer.from("\x1b[?1049lafter"));
  const { kind, lines } = await drawn(screen);
  expect(kind).toBe("normal");
  expect(lines.slice(0, 2)).toEqual(["before", "after"]);
});

test("a character that is cut over two pieces stays whole", async () => {
  const screen = new KeptScreen(SIZE);
  const bytes = Buffer.from("ü漢");
  for (const byte of bytes) screen.write(Buffer.from([byte]));
  expect((await drawn(screen)).lines[0]).toBe("ü漢");
});

test("a few bytes of a pod's output are no work without end", () => {
  const screen = new KeptScreen(SIZE);
  screen.write(Buffer.from("x\x1b[2147483647b\x1b[2147483647L\x1b[2147483647@"));
  screen.write(Buffer.from("\x1b[H\x1b[2Jdone"));
  expect(screen.draw().data).toContain("done");
});
