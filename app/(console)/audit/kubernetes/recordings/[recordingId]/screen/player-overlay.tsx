"use client";

import { Play } from "lucide-react";
import type { PlaybackIndex } from "../../../../../../../lib/recordings/playback/schema.ts";
import { formatBytes, formatNumber } from "../../../../../../components/audit/format-count.ts";
import { Button } from "../../../../../../components/button.tsx";
import { useDelayed } from "../../../../../../components/use-delayed.ts";
import type { Player } from "../player/player.ts";
import { usePlayerState } from "../player/use-player-state.ts";

/** Over the screen: the way to begin, that a part is on its way, or that it did not come. */
export function PlayerOverlay({ player, index }: { player: Player; index: PlaybackIndex }) {
  const problem = usePlayerState(player, (state) => state.problem);
  const waiting = usePlayerState(player, (state) => state.waiting && state.problem === null);
  const isNew = usePlayerState(player, (state) => state.positionMs === 0 && !state.playing);
  const isLate = useDelayed(waiting, 300);
  if (problem !== null) {
    return (
      <div role="alert" className="recording-overlay is-problem">
        <b>This part could not be loaded</b>
        <span>{problem}</span>
        <Button onClick={() => player.seek(player.current().positionMs)}>Try again</Button>
      </div>
    );
  }
  if (index.chain.intact && index.activity.every((bytes) => bytes === 0))
    return <NothingShown index={index} />;
  return (
    <>
      {isLate ? (
        <span role="status" className="recording-overlay is-late">
          <span className="sr-only">This part is being loaded</span>
          <i aria-hidden />
        </span>
      ) : null}
      {isNew && !waiting ? (
        <button type="button" className="recording-overlay is-start" onClick={() => player.play()}>
          <Play aria-hidden />
          Play
        </button>
      ) : null}
    </>
  );
}

/** A session that only copied, or waited: there is nothing to look at, but something to say. */
function NothingShown({ index: { files, binaries } }: { index: PlaybackIndex }) {
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  const copied = files.length === 1 ? "1 file was" : `${formatNumber(files.length)} files were`;
  return (
    <p className="recording-overlay is-nothing">
      <b>This session showed no text.</b>{" "}
      {files.length > 0
        ? `${copied} copied, ${formatBytes(bytes)} in all: they are listed beside this.`
        : null}
      {files.length === 0 && binaries.length > 0
        ? "What passed was no text: it is listed beside this."
        : null}
    </p>
  );
}
