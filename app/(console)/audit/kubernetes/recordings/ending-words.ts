import { CircleCheck, CircleOff, type LucideIcon, OctagonX, ShieldX, Unplug, ZapOff } from "lucide-react";
import type { Ending } from "../../../../../lib/audit/columns/recordings/values/schema.ts";

/** How a session ended, for the list: an icon, a word, and what it means. */
export const ENDING_WORDS: Readonly<Record<Ending, { Icon: LucideIcon; word: string; meaning: string }>> = {
  completed: { Icon: CircleCheck, word: "Completed", meaning: "Its command ended, and the cluster said how" },
  disconnected: { Icon: Unplug, word: "Disconnected", meaning: "A side left before its command ended" },
  terminated: { Icon: OctagonX, word: "Terminated", meaning: "Somebody ended it, with a reason" },
  revoked: { Icon: ShieldX, word: "Revoked", meaning: "It ended with the access that it was opened by" },
  interrupted: { Icon: ZapOff, word: "Interrupted", meaning: "The gateway went away with it" },
  unrecorded: {
    Icon: CircleOff,
    word: "Unrecorded",
    meaning: "It ended as it could not be recorded any more",
  },
};
