"use client";

import { CopyButton } from "../../../../../components/copy-button.tsx";
import { formatPosition, writeMoment } from "../../../../../components/recordings/moment.ts";
import type { Player } from "./player/player.ts";
import { usePlayerState } from "./player/use-player-state.ts";

/** Copies the address of the moment that is shown. */
export function CopyLinkButton({ player }: { player: Player }) {
  const seconds = usePlayerState(player, ({ positionMs }) => Math.floor(positionMs / 1000));
  const link = () => {
    const url = new URL(window.location.href);
    url.search = String(new URLSearchParams({ t: writeMoment(player.current().positionMs) }));
    return url.href;
  };
  return (
    <CopyButton text={link} label="Copy link" className="tabular-nums">
      <span>
        Copy link<span className="wide-only"> at {formatPosition(seconds * 1000)}</span>
      </span>
    </CopyButton>
  );
}
