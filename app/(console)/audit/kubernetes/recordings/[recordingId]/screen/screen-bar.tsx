"use client";

import type { RefObject } from "react";
import type { RecordingEntry } from "../../../../../../../lib/audit/recordings/schema.ts";
import type { PlaybackIndex } from "../../../../../../../lib/recordings/playback/schema.ts";
import { lastAtOrBefore } from "../player/places.ts";
import type { Player } from "../player/player.ts";
import { usePlayerState } from "../player/use-player-state.ts";
import { SearchField } from "../search/search-field.tsx";
import type { TextSearch } from "../search/use-text-search.ts";
import { RedactedText } from "../side/redacted-text.tsx";

/** Above the screen: what ran in it, its size, and the search. */
export function ScreenBar({
  entry,
  index,
  player,
  search,
  field,
}: {
  entry: RecordingEntry;
  index: PlaybackIndex;
  player: Player | null;
  search: TextSearch;
  field: RefObject<HTMLInputElement | null>;
}) {
  return (
    <div className="recording-bar">
      <span className="what cut">
        {entry.commandLine ? (
          <span className="mono" title={entry.commandLine}>
            <RedactedText text={entry.commandLine} />
          </span>
        ) : (
          entry.kind
        )}
        {index.tty ? (
          <span className="size">TTY {player ? <Size player={player} index={index} /> : null}</span>
        ) : (
          <span className="size">no TTY</span>
        )}
        {index.inputRecorded ? <span className="size">input recorded</span> : null}
      </span>
      <SearchField search={search} field={field} />
    </div>
  );
}

function Size({ player, index: { sizes, columns, rows } }: { player: Player; index: PlaybackIndex }) {
  return usePlayerState(player, ({ positionMs }) => {
    const size = sizes[lastAtOrBefore(sizes, positionMs, ({ atMs }) => atMs)] ?? { columns, rows };
    return `${size.columns} × ${size.rows}`;
  });
}
