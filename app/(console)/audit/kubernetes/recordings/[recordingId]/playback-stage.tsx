"use client";

import { useRef, useState } from "react";
import type { RecordingEntry } from "../../../../../../lib/audit/recordings/schema.ts";
import type { PlaybackIndex } from "../../../../../../lib/recordings/playback/schema.ts";
import { ChainWarning } from "./chain-mark.tsx";
import { CopyLinkButton } from "./copy-link-button.tsx";
import { PlaybackFoot } from "./playback-foot.tsx";
import { PlaybackKeys } from "./playback-keys.tsx";
import { PlayerControls } from "./player/player-controls.tsx";
import { usePlayer } from "./player/use-player.ts";
import { RecordingFrame } from "./recording-frame.tsx";
import { PlayerOverlay } from "./screen/player-overlay.tsx";
import { ScreenBar } from "./screen/screen-bar.tsx";
import { ScreenText } from "./screen/screen-text.tsx";
import type { ShownScreen } from "./screen/shown-screen.ts";
import { StreamsView } from "./screen/streams-view.tsx";
import { TerminalView } from "./screen/terminal-view.tsx";
import { useMarks } from "./screen/use-marks.ts";
import { usePauseOnSelect } from "./screen/use-pause-on-select.ts";
import { useTextSearch } from "./search/use-text-search.ts";
import { CommandList } from "./side/command-list.tsx";
import type { RecordingCall } from "./side/recording-call.ts";
import { RelatedCalls } from "./side/related-calls.tsx";
import { TransferList } from "./side/transfer-list.tsx";
import { Timeline } from "./timeline/timeline.tsx";
import { useFullScreen } from "./use-full-screen.ts";

/** Screen, timeline and controls; beside them commands, calls and files. */
export function PlaybackStage({
  entry,
  address,
  index,
  calls,
  moreCalls,
  callsProblem,
  startMs,
  sought,
}: {
  entry: RecordingEntry;
  address: string;
  index: PlaybackIndex;
  calls: readonly RecordingCall[] | null;
  moreCalls: boolean;
  callsProblem: string | null;
  startMs: number | null;
  sought: string;
}) {
  const [shown, setShown] = useState<ShownScreen | null>(null);
  const player = usePlayer({ index, address, startMs: startMs ?? 0 }, shown?.screen ?? null);
  const search = useTextSearch(address, player, { sought, hasMoment: startMs !== null });
  const field = useRef<HTMLInputElement>(null);
  const stage = useRef<HTMLElement>(null);
  const full = useFullScreen(stage);
  useMarks(shown, search.sought);
  usePauseOnSelect(shown, player);
  const seek = (atMs: number) => player?.seek(atMs);
  const Screen = index.tty ? TerminalView : StreamsView;
  return (
    <RecordingFrame
      entry={entry}
      address={address}
      actions={player ? <CopyLinkButton player={player} /> : null}
      foot={<PlaybackFoot recordingId={entry.recordingId} chain={index.chain} />}
    >
      <div className="recording-body">
        <section ref={stage} className="recording-player" aria-label="Player">
          <ScreenBar entry={entry} index={index} player={player} search={search} field={field} />
          <ChainWarning chain={index.chain} />
          <div className="recording-screen">
            <Screen
              label={`What the session of ${entry.name || entry.email || "nobody"} showed`}
              onShown={setShown}
            />
            {player ? <PlayerOverlay player={player} index={index} /> : null}
            {player && shown && index.tty ? <ScreenText shown={shown} player={player} /> : null}
          </div>
          <div className="recording-deck">
            {player ? (
              <>
                <Timeline player={player} index={index} calls={calls ?? []} />
                <PlayerControls
                  player={player}
                  durationMs={index.durationMs}
                  isFull={full.isFull}
                  onFull={full.toggle}
                />
              </>
            ) : null}
          </div>
        </section>
        {player ? (
          <aside className="recording-side" aria-label="What happened">
            {index.markers.length > 0 || index.files.length === 0 ? (
              <CommandList player={player} markers={index.markers} />
            ) : null}
            <TransferList index={index} onSeek={seek} />
            <RelatedCalls entry={entry} calls={calls} more={moreCalls} problem={callsProblem} onSeek={seek} />
            {index.leftOut.map((words) => (
              <p key={words} className="none">
                {words}
              </p>
            ))}
          </aside>
        ) : (
          <aside className="recording-side" />
        )}
      </div>
      {player ? (
        <PlaybackKeys
          player={player}
          markers={index.markers}
          onSearch={() => field.current?.select()}
          onFull={full.toggle}
        />
      ) : null}
    </RecordingFrame>
  );
}
