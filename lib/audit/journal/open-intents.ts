import type { KubeRequestEntry } from "../entry.ts";
import { FRAME_TYPE, type FrameType } from "./frame.ts";
import { JournalReader } from "./reader.ts";

/** Message of the entry that closes an intent after a crash. */
export const INTERRUPTED_MESSAGE =
  "Interrupted: the gateway stopped before the call ended; whether the cluster carried it out is not known";

/** The stages that close the intent of their call. */
export const closesIntent = ({ stage }: KubeRequestEntry): boolean => stage !== "start";

/** Applies a frame to the intents that are open: call ids and payloads. */
function applyFrame(open: Map<string, Buffer>, type: FrameType, payload: Buffer): void {
  if (type !== FRAME_TYPE.intent && type !== FRAME_TYPE.closing) return;
  const { callId }: KubeRequestEntry = JSON.parse(payload.toString());
  if (type === FRAME_TYPE.intent) open.set(callId, Buffer.from(payload));
  else open.delete(callId);
}

/** The intents that nothing in a journal closes, and where the journal ends. */
export async function findOpenIntents(
  directory: string,
): Promise<{ intents: KubeRequestEntry[]; end: number }> {
  const open = new Map<string, Buffer>();
  const reader = new JournalReader(directory, 0);
  try {
    for (;;) {
      const frame = await reader.next(Number.POSITIVE_INFINITY);
      if (!frame) break;
      applyFrame(open, frame.type, frame.payload);
    }
    return {
      intents: [...open.values()].map((payload) => JSON.parse(payload.toString())),
      end: reader.position,
    };
  } finally {
    await reader.close();
  }
}

/** The entry that closes an intent whose gateway is gone. */
export function interruptedEntry(intent: KubeRequestEntry): KubeRequestEntry {
  return { ...intent, stage: "interrupted", result: "failure", message: INTERRUPTED_MESSAGE };
}
