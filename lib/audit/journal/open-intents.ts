import type { KubeRequestEntry } from "../entry/entry.ts";
import { FRAME_TYPE, type Frame } from "./frame.ts";
import { liftEntry, type WrittenEntry } from "./lift-entry.ts";
import { JournalReader } from "./reader.ts";

/** Message of the entry that closes an intent after a crash. */
const INTERRUPTED_MESSAGE =
  "Interrupted: the gateway stopped before the call ended; whether the cluster carried it out is not known";

/** The stages that close the intent of their call. */
export const closesIntent = ({ stage }: KubeRequestEntry): boolean => stage !== "start";

/**
 * The intents that nothing in a journal closes, in the order of their frames, and where the journal ends. A journal is read the same way each
 * time, so that their order can stand for them.
 */
export async function findOpenIntents(
  directory: string,
): Promise<{ intents: KubeRequestEntry[]; end: number }> {
  const open = new Map<string, WrittenEntry>();
  const reader = new JournalReader(directory, 0);
  try {
    for (;;) {
      const frame = await reader.next(Number.POSITIVE_INFINITY);
      if (!frame) break;
      applyFrame(open, frame);
    }
    return { intents: Array.from(open.values(), liftEntry), end: reader.position };
  } finally {
    await reader.close();
  }
}

/** Applies a frame to the intents that are open, by call id. */
function applyFrame(open: Map<string, WrittenEntry>, { type, version, payload }: Frame): void {
  if (type !== FRAME_TYPE.intent && type !== FRAME_TYPE.closing) return;
  const { callId } = JSON.parse(payload.toString()) as Partial<KubeRequestEntry>;
  if (callId === undefined) return;
  if (type === FRAME_TYPE.intent) open.set(callId, { version, payload: Buffer.from(payload) });
  else open.delete(callId);
}

/** The entry that closes an intent whose gateway is gone. */
export function interruptedEntry(intent: KubeRequestEntry): KubeRequestEntry {
  return { ...intent, stage: "interrupted", result: "failure", message: INTERRUPTED_MESSAGE };
}
