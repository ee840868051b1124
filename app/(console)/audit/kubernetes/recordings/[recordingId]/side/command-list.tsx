"use client";

import { useEffect, useRef } from "react";
import type { PlaybackMarker } from "../../../../../../../lib/recordings/playback/schema.ts";
import { formatNumber } from "../../../../../../components/audit/format-count.ts";
import { formatPosition } from "../../../../../../components/recordings/moment.ts";
import type { Player } from "../player/player.ts";
import { usePlayerState } from "../player/use-player-state.ts";
import { commandAt } from "./command-at.ts";
import { RedactedText } from "./redacted-text.tsx";

const KINDS = {
  command: undefined,
  typed: "A line of what was typed",
  marker: "A line of the web shell, as it was run",
} as const;

/** The command lines of a session; each leads to its moment. */
export function CommandList({ player, markers }: { player: Player; markers: readonly PlaybackMarker[] }) {
  const current = usePlayerState(player, ({ positionMs }) => commandAt(markers, positionMs));
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    if (list.current) keepInSight(list.current, current);
  }, [current]);
  return (
    <section className="recording-part is-commands" aria-labelledby="recording-commands">
      <h2 id="recording-commands">
        Commands <span>{formatNumber(markers.length)}</span>
      </h2>
      {markers.length === 0 ? (
        <p className="none">No command lines were seen at a prompt.</p>
      ) : (
        <ol ref={list} className="recording-commands">
          {markers.map(({ atMs, label, kind }, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the same line may be there twice at a moment
            <li key={at}>
              <button
                type="button"
                aria-current={at === current ? "true" : undefined}
                className={at > current ? "is-later" : undefined}
                title={KINDS[kind] ? `${label}\n${KINDS[kind]}` : label}
                onClick={() => player.seek(atMs)}
              >
                <span className="at">{formatPosition(atMs)}</span>
                <code className="identifier cut">
                  <RedactedText text={label} />
                </code>
              </button>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

/** Scrolls the list, never the page that it is in. */
function keepInSight(list: HTMLElement, place: number): void {
  const item = list.children[place];
  if (!(item instanceof HTMLElement) || list.scrollHeight <= list.clientHeight) return;
  const top = item.offsetTop - list.offsetTop;
  if (top < list.scrollTop) list.scrollTop = top;
  const bottom = top + item.offsetHeight;
  if (bottom > list.scrollTop + list.clientHeight) list.scrollTop = bottom - list.clientHeight;
}
