import { expect, test } from "vitest";
import type { CastEvent } from "../../cast/cast-event.ts";
import type { PlaybackSegment } from "../schema.ts";
import { TerminalScreen } from "../screen/terminal-screen.ts";
import { screenCells } from "../screen/testing/screen-cells.ts";
import { renderRecording } from "./render-recording.ts";
import type { TextBlock } from "./text-blocks.ts";

type Shown = [atMs: number, code: CastEvent["code"], data: string];

interface Options {
  tty?: boolean;
  durationMs?: number;
  inputRecorded?: boolean;
  tellsCommands?: boolean;
}

async function render(
  shown: Shown[],
  { tty = true, durationMs = 0, inputRecorded = false, tellsCommands = false }: Options = {},
) {
  const segments: PlaybackSegment[] = [];
  const texts: TextBlock[] = [];
  async function* events() {
    for (const [atMs, code, data] of shown) yield [{ atMs, code, data }];
  }
  const { index, commands } = await renderRecording({
    tty,
    inputRecorded,
    tellsCommands,
    durationMs,
    size: { columns: 80, rows: 24 },
    events: events(),
    redact: (line) => line.replaceAll(/hunter\d/g, "[redacted]"),
    sink: {
      segment: async ({ content }) => void segments.push(content),
      text: async (blocks) => void texts.push(...blocks),
    },
  });
  const lines = (kind: number) =>
    texts.filter((block) => block.kind === kind).flatMap(({ text }) => text.split("\n"));
  return { index, commands, segments, texts, typed: lines(1), shown: lines(2) };
}

const labels = (markers: { kind: string; label: string }[]) =>
  markers.map(({ kind, label }) => `${kind}: ${label}`);

test("command lines are those at prompts, as they stood when Enter ended them", async () => {
  const { index, commands, typed } = await render([
    [0, "o", "/ # "],
    [900, "o", "l"],
    [1_000, "o", "x"],
    [1_100, "o", "\b\x1b[Js /tm"],
    [1_200, "o", "\r/ # ls /tmp"],
    [1_500, "o", "\r\n# a comment\r\nfoo > bar\r\n/ # "],
    [2_000, "o", "exit\r\n"],
  ]);
  expect(index.markers).toEqual([
    { atMs: 1_500, label: "ls /tmp", kind: "command" },
    { atMs: 2_000, label: "exit", kind: "command" },
  ]);
  expect(commands).toBe(2);
  expect(typed).toEqual(["ls /tmp", "exit"]);
});

test.each([
  ["bash with bracketed paste", "\x1b[?2004h\x1b]0;t\x07myhost ~ ➜ ", "id\r\n\x1b[?2004l\r", "id"],
  ["bash", "bash-5.1$ ", "cat /etc/hosts\r\n", "cat /etc/hosts"],
  ["psql", "postgres=# ", "select 1;\r\n", "select 1;"],
  ["python", ">>> ", "import os\r\n", "import os"],
  ["redis", "127.0.0.1:6379> ", "keys *\r\n", "keys *"],
  ["colours", "\x1b[01;32mu@h\x1b[00m:\x1b[01;34m~\x1b[00m$ ", "top\r\n", "top"],
  ["a line of two rows", "/ # ", `${"x".repeat(100)}\r\n`, "x".repeat(100)],
])("a command is found at a prompt of %s", async (_, prompt, line, command) => {
  const { index } = await render([
    [0, "o", prompt],
    [100, "o", line],
  ]);
  expect(labels(index.markers)).toEqual([`command: ${command}`]);
});

test("what is not echoed at a prompt is no command", async () => {
  const { index } = await render([
    [0, "o", "Password: "],
    [500, "o", "\r\n"],
    [600, "o", "10% "],
    [700, "o", "\r20% "],
    [800, "o", "\r30% done\r\n"],
  ]);
  expect(index.markers).toEqual([]);
});

test("typed input is told where it was echoed; a password is told without its text", async () => {
  const { index, typed } = await render(
    [
      [0, "i", "\x1b[Amake x\x7fy\r"],
      [10, "o", "make y\r\n"],
      [1_000, "i", "secret words\r"],
      [1_100, "o", "\r\nwelcome\r\n"],
      [9_000, "o", "bye\r\n"],
    ],
    { inputRecorded: true },
  );
  expect(labels(index.markers)).toEqual(["typed: make y", "typed: [12 characters that were not shown]"]);
  expect(typed.join()).not.toContain("secret");
});

test("a command that was seen at a prompt is not told twice where its input is recorded, too", async () => {
  const { index } = await render([
    [0, "o", "/ # "],
    [5, "i", "ls\r"],
    [10, "o", "ls\r\nbin\r\n"],
  ]);
  expect(labels(index.markers)).toEqual(["command: ls"]);
});

test("the web shell's own lines are facts, and are not seen at its prompt again, nor unmasked", async () => {
  const { index, shown } = await render(
    [
      [0, "o", "prod> "],
      [100, "o", "kubectl get pods --token hunter2\r\n"],
      [105, "m", "kubectl get pods --token ***"],
      [110, "o", "NAME\r\n"],
    ],
    { tellsCommands: true },
  );
  expect(labels(index.markers)).toEqual(["marker: kubectl get pods --token ***"]);
  expect(shown).toEqual(["prod> kubectl get pods --token [redacted]", "NAME"]);
});

test("secrets of commands are masked in the list and in the search, also where the line is shown", async () => {
  const { index, typed, shown, segments } = await render([
    [0, "o", "/ # "],
    [100, "o", "mysql -phunter2\r\n/ # "],
    [200, "o", "echo hunter2"],
    [300, "o", "\x1b[H\x1b[J"],
  ]);
  expect(labels(index.markers)).toEqual(["command: mysql -p[redacted]"]);
  expect(typed).toEqual(["mysql -p[redacted]"]);
  expect(shown).toEqual(["/ # mysql -p[redacted]", "/ # echo [redacted]"]);
  // What is played is what was shown: masking it would alter the proof.
  expect(JSON.stringify(segments)).toContain("hunter2");
});

test("a command longer than the screen is one, and masked as one", async () => {
  const { index, typed, shown } = await render([
    [0, "o", "/ # "],
    [100, "o", `echo ${"word ".repeat(900)}hunter2\r\n/ # `],
    [200, "o", "l\x1b[J"],
    [300, "o", "s\x1b[J"],
    [400, "o", "\r\n"],
  ]);
  expect(index.markers.map(({ label }) => label.slice(0, 9))).toEqual(["echo word", "ls"]);
  expect(typed.join() + shown.join("")).not.toContain("hunter");
  expect(shown.join("").replace(/(?<=word )word /g, "")).toBe("/ # echo word [redacted]/ # ls");
});

test("text to search is what a person read: rendered lines with their times, once a minute", async () => {
  const { texts } = await render([
    [0, "o", "\x1b[31mre"],
    [10, "o", "d\x1b[m\r\n 10%\r 50%\r100%\r\n"],
    [20, "o", "red\r\n"],
    [61_000, "o", "red\r\nlast"],
  ]);
  expect(texts).toEqual([
    { seq: 0, kind: 2, atMs: 10, text: "red\n100%\nred\nlast", lineMs: [0, 0, 60_990, 60_990] },
  ]);
});

test("a session of weeks has blocks of an hour at most", async () => {
  const day = 86_400_000;
  const { texts } = await render([
    [0, "o", "one\r\n"],
    [40 * day, "o", "two\r\n"],
  ]);
  expect(texts.map(({ atMs, lineMs }) => [atMs, lineMs])).toEqual([
    [0, [0]],
    [40 * day, [0]],
  ]);
});

test("a full-screen program is found by what it showed when it rested, and does not flood the search", async () => {
  const screens: Shown[] = Array.from({ length: 500 }, (_, n) => [
    1_000 + n * 1_000,
    "o",
    `\x1b[Htop - ${n}\x1b[2;1HPID USER${n % 2}\x1b[3;1Hline ${n}\n`,
  ]);
  const { shown } = await render([
    [0, "o", "/ # "],
    [100, "o", "top\r\n\x1b[?1049h"],
    ...screens,
    [600_000, "o", "\x1b[?1049l/ # "],
    [600_100, "o", "exit\r\n"],
  ]);
  expect(shown).toContain("top - 0");
  expect(shown.length).toBeLessThan(250);
  expect(shown.slice(-1)).toEqual(["/ # exit"]);
});

test("a line longer than the screen is found to its last character", async () => {
  const words = Array.from({ length: 2_000 }, (_, n) => `word${n}`);
  const { shown } = await render([[0, "o", `${words.join(" ")}\r\n`]]);
  expect(shown.join("") === words.join(" ")).toBe(true);
});

test("without a terminal there are lines of each stream, and no screens", async () => {
  const { index, shown, segments } = await render(
    [
      [0, "o", "out 1\no"],
      [10, "e", "\x1b[31merror\x1b[0m\n"],
      [20, "o", "ut 2\n"],
      [30, "i", "rm -rf hunter2\nls\n"],
    ],
    { tty: false, inputRecorded: true },
  );
  expect(shown).toEqual(["out 1", "error", "out 2"]);
  expect(labels(index.markers)).toEqual(["typed: rm -rf [redacted]", "typed: ls"]);
  expect(segments[0]!.events.map(([, code]) => code).join("")).toBe("oeoi");
});

test("the index has sizes, idle spans, activity, files and streams that are no text", async () => {
  const file = { name: "a", size: 3, sha256: "ab", direction: "from" };
  const binary = { stream: "stdout", bytes: 9, sha256: "cd" };
  const { index } = await render(
    [
      [0, "r", "100x30"],
      [10, "o", "hello"],
      [5_000, "o", "ünï"],
      [5_000, "r", "65535x0"],
      [6_000, "f", JSON.stringify(file)],
      [6_000, "b", JSON.stringify(binary)],
    ],
    { durationMs: 24_000 },
  );
  expect(index).toMatchObject({ columns: 100, rows: 30, durationMs: 24_000, leftOut: [] });
  expect(index.sizes).toEqual([{ atMs: 5_000, columns: 1_000, rows: 1 }]);
  expect(index.idle).toEqual([
    { fromMs: 10, toMs: 5_000 },
    { fromMs: 5_000, toMs: 24_000 },
  ]);
  expect(index.files).toEqual([{ ...file, atMs: 6_000 }]);
  expect(index.binaries).toEqual([{ ...binary, atMs: 6_000 }]);
  expect(index.activity.map((bytes, bucket) => [bucket, bytes]).filter(([, bytes]) => bytes)).toEqual([
    [0, 5],
    [50, 5],
  ]);
});

test("each segment begins later than the one before, with the screen as it is then", async () => {
  const shown: Shown[] = Array.from({ length: 3_000 }, (_, n) => [
    n * 7,
    "o",
    `\x1b[${31 + (n % 7)}m${n} ${"text ".repeat(80)}\x1b[m\r\n${n % 50 === 0 ? "\x1b[5;20r\x1b[10;1H" : ""}`,
  ]);
  shown.push([25_000, "r", "120x40"], [25_001, "o", "after"]);
  const { index, segments } = await render(shown);
  expect(segments.length).toBeGreaterThan(4);
  expect(index.segments.map(({ startMs }) => startMs)).toEqual(
    segments.map(({ events }, seq) => (seq === 0 ? 0 : events[0]![0])),
  );
  for (const [seq, { startMs, endMs }] of index.segments.entries()) {
    expect(startMs).toBeLessThan(endMs);
    if (seq > 0) expect(startMs).toBeGreaterThan(segments[seq - 1]!.events.at(-1)![0]);
  }
  const whole = new TerminalScreen({ columns: 80, rows: 24 });
  for (const { snapshot, events } of segments) {
    const part = new TerminalScreen(snapshot);
    part.write(snapshot.init);
    expect(screenCells(part)).toEqual(screenCells(whole));
    for (const screen of [whole, part]) {
      for (const [, code, data] of events) {
        const [columns = 0, rows = 0] = data.split("x").map(Number);
        if (code === "r") screen.resize({ columns, rows });
        else screen.write(data);
      }
    }
    expect(screenCells(part)).toEqual(screenCells(whole));
  }
});
