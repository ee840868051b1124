import { type KubeRequestEntry, READ_VERBS } from "../entry/entry.ts";
import { FRAME_TYPE, type Frame } from "./frame.ts";
import { liftEntry, type WrittenEntry } from "./lift-entry.ts";
import { JournalReader } from "./reader.ts";

/** What the entry says that closes an intent after a crash. */
const INTERRUPTED = {
  change:
    "Interrupted: the gateway stopped before the call's outcome was on the record; whether the cluster carried it out is not known",
  read: "Interrupted: the gateway stopped before the call's outcome was on the record; whether it was answered is not known",
  /** Its intent was written again when its answer began. */
  answer: "Interrupted: the gateway stopped while the answer was passed on",
};

/** The stages that close the intent of their call. */
export const closesIntent = ({ stage }: KubeRequestEntry): boolean => stage !== "start";

/** What a journal says of the calls that were under way when it ended. */
export interface OpenIntents {
  intents: KubeRequestEntry[];
  /** Where the journal ends. */
  end: number;
  /** Of the whole journal: see `JournalReader`. */
  skippedBytes: number;
  damagedBytes: number;
}

/**
 * The intents that nothing in a journal closes, in the order of their frames. A journal is read the same way each
 * time, so that their order can stand for them. Where it is damaged, what closes one of them may be what cannot be read.
 */
export async function findOpenIntents(directory: string): Promise<OpenIntents> {
  const open = new Map<string, WrittenEntry>();
  const reader = new JournalReader(directory, 0);
  try {
    for (;;) {
      const frame = await reader.next(Number.POSITIVE_INFINITY);
      if (!frame) break;
      applyFrame(open, frame);
    }
    const { position: end, skippedBytes, damagedBytes } = reader;
    return { intents: Array.from(open.values(), liftEntry), end, skippedBytes, damagedBytes };
  } finally {
    await reader.close();
  }
}

/** Applies a frame to the intents that are open, by call id. */
function applyFrame(open: Map<string, WrittenEntry>, { type, version, payload }: Frame): void {
  if (type !== FRAME_TYPE.intent && type !== FRAME_TYPE.closing) return;
  const callId = callIdOf(payload);
  if (type === FRAME_TYPE.intent) open.set(callId, { version, payload: Buffer.from(payload) });
  else open.delete(callId);
}

const CALL_ID = Buffer.from('"callId":"');
const UUID_CHARACTERS = 36;

/** Every call has both frames, so they are not parsed for this. In a text of an entry the quotes would have a backslash before them. */
function callIdOf(payload: Buffer): string {
  const at = payload.indexOf(CALL_ID) + CALL_ID.length;
  return payload.toString("latin1", at, at + UUID_CHARACTERS);
}

/** The entry that closes an intent whose gateway is gone. */
export function interruptedEntry(intent: KubeRequestEntry): KubeRequestEntry {
  return { ...intent, stage: "interrupted", result: "failure", message: INTERRUPTED[whatEnded(intent)] };
}

function whatEnded({ verb, resource, httpStatus }: KubeRequestEntry): keyof typeof INTERRUPTED {
  if (!READ_VERBS.has(verb) || resource?.endsWith("/proxy")) return "change";
  return httpStatus === null ? "read" : "answer";
}
