import { stat } from "node:fs/promises";
import { encodeFrame, FRAME_TYPE } from "../journal/frame.ts";
import { findOpenIntents, interruptedEntry } from "../journal/open-intents.ts";
import { createSegment, listSegments, writeFully } from "../journal/segment.ts";

/**
 * Closes the intents that a crash left open: as entries in a new segment of the same journal, so that they too are written exactly once.
 * @returns how many there were.
 */
export async function closeOpenIntents(directory: string): Promise<number> {
  const { intents } = await findOpenIntents(directory);
  if (intents.length === 0) return 0;
  const { handle } = await createSegment(directory, await endOfJournal(directory), { durable: true });
  try {
    const frames = intents.map((intent) =>
      encodeFrame(FRAME_TYPE.closing, JSON.stringify(interruptedEntry(intent))),
    );
    await writeFully(handle, Buffer.concat(frames));
  } finally {
    await handle.close();
  }
  return intents.length;
}

/** The position after all bytes there are, torn ones too: no position is used twice. */
async function endOfJournal(directory: string): Promise<number> {
  const last = (await listSegments(directory)).at(-1);
  if (!last) return 0;
  // An empty last segment has its name already.
  return last.base + Math.max(1, (await stat(last.file)).size);
}
