import Link from "next/link";
import type { PlaybackIndex } from "../../../../../../lib/recordings/playback/schema.ts";
import { FootKeys } from "../../../../../components/foot-keys.tsx";
import { eventHistoryHref } from "../../../../../components/list/audit-links.ts";
import { ChainMark } from "./chain-mark.tsx";

const KEYS: [string[], string][] = [
  [["Space"], "play"],
  [["←", "→"], "10 s"],
  [["n", "p"], "command"],
  [["<", ">"], "speed"],
  [["/"], "search text"],
  [["?"], "all keys"],
];

/** The line at the bottom: that playing is recorded, whether the recording is whole, and the keys. */
export function PlaybackFoot({ recordingId, chain }: { recordingId: string; chain: PlaybackIndex["chain"] }) {
  return (
    <footer className="foot">
      <div className="foot-peek">
        <Link prefetch={false} href={eventHistoryHref({ field: "entityId", value: recordingId })}>
          Playback is itself recorded
        </Link>
        <ChainMark chain={chain} />
      </div>
      <FootKeys keys={KEYS} />
    </footer>
  );
}
