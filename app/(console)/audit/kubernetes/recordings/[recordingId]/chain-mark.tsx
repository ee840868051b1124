import { ShieldAlert, ShieldCheck } from "lucide-react";
import type { PlaybackIndex } from "../../../../../../lib/recordings/playback/schema.ts";
import { formatNumber } from "../../../../../components/audit/format-count.ts";

/** What was checked of the recording's pieces: each is hashed into the next. A very large recording's were when it was made ready to play, others when playing was asked for. */
export function ChainMark({ chain }: { chain: PlaybackIndex["chain"] }) {
  if (!chain.intact) {
    return (
      <span className="chain-mark is-broken">
        <ShieldAlert aria-hidden />
        Broken
      </span>
    );
  }
  const pieces = chain.chunks === 1 ? "1 piece" : `${formatNumber(chain.chunks)} pieces`;
  return (
    <span
      className="chain-mark"
      title={`Each piece is hashed into the next; the last hash is\n${chain.lastHash}`}
    >
      <ShieldCheck aria-hidden />
      Intact: {pieces}
    </span>
  );
}

/** What cannot be vouched for, above what is played. */
export function ChainWarning({ chain }: { chain: PlaybackIndex["chain"] }) {
  if (chain.intact) return null;
  return (
    <p role="alert" className="recording-warning">
      <ShieldAlert aria-hidden />
      <span>
        <b>This recording was changed, or a part of it is missing.</b>{" "}
        {chain.problem ?? "One of its pieces does not follow from the one before."} What comes before it
        plays.
      </span>
    </p>
  );
}
