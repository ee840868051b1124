import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import headless from "@xterm/headless";
import { afterAll, beforeAll, expect, test } from "vitest";
import type {
  PlaybackIndex,
  PlaybackSegment,
  SegmentEvent,
} from "../../../../../../../lib/recordings/playback/schema.ts";
import { SessionScreen } from "../../../../../../components/terminal/session-screen.ts";
import { Player } from "./player.ts";
import { SegmentSource } from "./segment-source.ts";

const COLUMNS = 40;
const ROWS = 6;
const SEGMENTS = 30;
const SEGMENT_MS = 1_000;
/** Ten lines a segment, each beginning where the one before ended. */
const eventsOf = (seq: number): SegmentEvent[] =>
  Array.from({ length: 10 }, (_, at) => [
    seq * SEGMENT_MS + at * 100,
    "o",
    `line ${seq}.${at}${seq === 20 && at === 5 ? " \u001b[31mred" : ""}\r\n`,
  ]);

const asked: number[] = [];
let refused: number | null = null;
let server: Server;
let address: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    const seq = Number(request.url?.split("/").at(-1));
    asked.push(seq);
    if (seq === refused)
      return response.writeHead(503).end(JSON.stringify({ code: "unavailable", message: "Away." }));
    const before = Array.from({ length: seq }, (_, each) => eventsOf(each)).flat();
    const init = before
      .slice(-(ROWS - 1))
      .map(([, , data]) => data)
      .join("");
    const segment: PlaybackSegment = {
      snapshot: { columns: COLUMNS, rows: ROWS, init },
      events: eventsOf(seq),
    };
    response.setHeader("content-type", "application/json").end(JSON.stringify(segment));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

const INDEX: PlaybackIndex = {
  version: 1,
  durationMs: SEGMENTS * SEGMENT_MS,
  columns: COLUMNS,
  rows: ROWS,
  tty: true,
  inputRecorded: false,
  segments: Array.from({ length: SEGMENTS }, (_, seq) => ({
    seq,
    startMs: seq * SEGMENT_MS,
    endMs: (seq + 1) * SEGMENT_MS,
  })),
  markers: [],
  idle: [],
  activity: Array(240).fill(1),
  sizes: [],
  files: [],
  binaries: [],
  chain: { chunks: 1, lastHash: "00", intact: true, problem: null },
  leftOut: [],
};

/** A player on a terminal without a window; frames pass as the test says. */
function start() {
  asked.length = 0;
  const terminal = new headless.Terminal({
    cols: COLUMNS,
    rows: ROWS,
    scrollback: 0,
    allowProposedApi: true,
  });
  const frames: ((now: number) => void)[] = [];
  const source = new SegmentSource(
    address,
    INDEX.segments.map(({ seq }) => seq),
  );
  const player = new Player({
    index: INDEX,
    source,
    // biome-ignore lint/suspicious/noExplicitAny: what both kinds of terminal have is all that is used
    screen: new SessionScreen(terminal as any, { onSize: () => {} }),
    nextFrame: () => new Promise((resolve) => frames.push(resolve)),
  });
  const lines = () =>
    Array.from(
      { length: ROWS },
      (_, row) => terminal.buffer.active.getLine(row)?.translateToString(true) ?? "",
    );
  const settled = () => expect.poll(() => player.current().waiting).toBe(false);
  const frame = async (now: number) => {
    await expect.poll(() => frames.length).toBe(1);
    frames.shift()?.(now);
  };
  return { player, source, lines, settled, frame };
}

/** The last lines that are shown at a moment: what came until then. */
function linesAt(atMs: number): string[] {
  const shown = INDEX.segments.flatMap(({ seq }) => eventsOf(seq)).filter(([at]) => at <= atMs);
  const plain = shown.map(([, , data]) => data.replace("\u001b[31m", "").trimEnd());
  return [...Array(ROWS).fill(""), ...plain, ""].slice(-ROWS);
}

test("a moment shows what was there then, wherever one comes from", async () => {
  const { player, lines, settled } = start();
  for (const atMs of [12_350, 12_990, 3_000, 29_999, 30_000, 20_500, 0]) {
    player.seek(atMs);
    await settled();
    const wanted = linesAt(atMs);
    // The first screen has room above.
    expect(lines().filter((line) => line !== "")).toEqual(wanted.filter((line) => line !== ""));
  }
  player.close();
});

test("of many wishes the last one counts, and few segments are asked for", async () => {
  const { player, lines, settled } = start();
  for (let atMs = 0; atMs <= 29_000; atMs += 50) player.seek(atMs);
  await settled();
  expect(player.current().positionMs).toBe(29_000);
  expect(lines()).toEqual(linesAt(29_000));
  expect(new Set(asked).size).toBeLessThanOrEqual(4);
  player.close();
});

test("no segment is asked for twice while it is kept, and those of long ago are forgotten", async () => {
  const { player, settled } = start();
  const visit = async (seq: number) => {
    player.seek(seq * SEGMENT_MS + 500);
    await settled();
  };
  await visit(4);
  await visit(4);
  expect(asked.filter((seq) => seq === 4)).toHaveLength(1);
  for (const seq of [6, 8, 10, 12, 14, 16]) await visit(seq);
  await visit(4);
  expect(asked.filter((seq) => seq === 4)).toHaveLength(2);
  player.close();
});

test("playing goes on over segments at its speed, and stops at the end", async () => {
  const { player, lines, settled, frame } = start();
  player.seek(9_900);
  await settled();
  player.setSpeed(8);
  player.play();
  await frame(0);
  for (const now of [50, 100, 150]) await frame(now);
  await expect.poll(() => player.current().positionMs).toBe(11_100);
  await expect.poll(lines).toEqual(linesAt(11_100));
  // The tab was hidden for a minute: no minute has passed in the recording.
  await frame(60_150);
  await expect.poll(() => player.current().positionMs).toBe(11_900);
  player.seek(29_950);
  await frame(60_200);
  await settled();
  await frame(60_300);
  await frame(60_400);
  await expect.poll(() => player.current()).toMatchObject({ positionMs: 30_000, playing: false });
  player.close();
});

test("a part that does not come is said so, and can be asked for again", async () => {
  const { player, lines } = start();
  refused = 25;
  player.seek(25_500);
  await expect.poll(() => player.current().problem).toBe("Away.");
  refused = null;
  player.seek(player.current().positionMs);
  await expect.poll(lines).toEqual(linesAt(25_500));
  expect(player.current().problem).toBeNull();
  player.close();
});

test("a part that does not come keeps nobody from another that was wished for meanwhile", async () => {
  const { player, lines, settled } = start();
  refused = 25;
  player.seek(25_500);
  player.seek(3_500);
  await settled();
  refused = null;
  expect(player.current()).toMatchObject({ positionMs: 3_500, problem: null });
  expect(lines()).toEqual(linesAt(3_500));
  player.close();
});
