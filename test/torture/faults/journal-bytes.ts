import { existsSync } from "node:fs";
import { open, readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { decodeFrame, FRAME_TYPE } from "../../../lib/audit/journal/frame.ts";
import { until } from "../processes.ts";
import { expectThat, type Fault, moreAnswers, type Rig } from "./fault.ts";

interface Segment {
  file: string;
  bytes: Buffer;
  frames: { type: number; start: number; end: number }[];
  /** Bytes up to the end of its last entry. */
  end: number;
}

/** Kills all of it while the journals hold entries that PostgreSQL has not, has something done to their files, and starts it again. */
async function whileJournalsAreFull(rig: Rig, change: (segments: Segment[]) => Promise<void>): Promise<void> {
  const { installation } = rig;
  const release = await installation.postgres.holdLedger();
  try {
    await moreAnswers(rig, 60);
    await installation.killMain({ all: true });
    await change(await segmentsOf(installation.journals));
  } finally {
    await release();
  }
  await installation.startMain();
}

/** The files with entries, of all journals. */
async function segmentsOf(journals: string): Promise<Segment[]> {
  const names = (await readdir(journals, { recursive: true })).filter(
    (name) => name.endsWith(".segment") && !name.startsWith("set-aside"),
  );
  const segments = await Promise.all(names.map((name) => readSegment(path.join(journals, name))));
  return segments.filter(({ frames }) => frames.length > 0);
}

async function readSegment(file: string): Promise<Segment> {
  const bytes = await readFile(file);
  const frames: Segment["frames"] = [];
  for (let start = 0; start < bytes.length; ) {
    const frame = decodeFrame(bytes, start);
    if (typeof frame === "string") break;
    frames.push({ type: frame.type, start, end: start + frame.length });
    start += frame.length;
  }
  return { file, bytes, frames, end: frames.at(-1)?.end ?? 0 };
}

/**
 * The end of each file is half an entry. As a crash within a write leaves it: half of one more. As a power cut may leave it: half of the last outcome, whose call
 * is known by its intent, and has a row that says so.
 */
export const tornBytes: Fault = {
  name: "torn-bytes",
  once: (rig, round) =>
    whileJournalsAreFull(rig, async (segments) => {
      for (const segment of segments) await (round % 2 === 0 ? addHalf(segment) : cutLast(rig, segment));
    }),
};

function addHalf({ file, bytes, frames, end }: Segment): Promise<void> {
  const { start, end: stop } = frames[0]!;
  return write(file, bytes.subarray(start, start + Math.ceil((stop - start) / 2)), end);
}

async function cutLast(rig: Rig, { file, bytes, frames }: Segment): Promise<void> {
  const { type, start, end } = frames.at(-1)!;
  // Of an entry without an intent the answer has waited for the flush: no power cut takes it.
  if (type !== FRAME_TYPE.closing) return;
  rig.cut.push(bytes.toString("latin1", start, end));
  const half = start + Math.ceil((end - start) / 2);
  await write(file, Buffer.alloc(end - half), half);
}

/** One bit within one journal is another: its entry cannot be read, which is told, and the journal is set aside. All others are written. */
export const flippedBytes: Fault = {
  name: "flipped-bytes",
  async once(rig) {
    let journal = "";
    await whileJournalsAreFull(rig, async (segments) => {
      const segment = segments.reduce((largest, next) => (next.end > largest.end ? next : largest));
      const { file, bytes, frames, end } = segment;
      const offset = Math.floor(end * (0.2 + Math.random() * 0.6));
      const hit = frames.find((frame) => frame.end > offset)!;
      rig.damaged.push(bytes.toString("latin1", hit.start, hit.end));
      await write(file, Buffer.from([bytes[offset]! ^ (1 << Math.floor(Math.random() * 8))]), offset);
      journal = path.basename(path.dirname(file)).slice(0, UUID_LENGTH);
    });
    const aside = path.join(rig.installation.journals, "set-aside", journal);
    await until("the damaged journal is set aside", () => existsSync(aside));
    const told = async () => readFile(`${aside}.reason.txt`, "utf8").catch(() => "");
    await until("it is said why", async () => (await told()) !== "");
    expectThat(
      rig,
      `the damaged journal's reason is "${await told()}"`,
      (await told()).includes("cannot be read"),
    );
  },
};

const UUID_LENGTH = 36;

async function write(file: string, bytes: Buffer, position: number): Promise<void> {
  const handle = await open(file, "r+");
  try {
    await handle.write(bytes, 0, bytes.length, position);
  } finally {
    await handle.close();
  }
}
