"use client";

import { useState } from "react";
import type { PlaybackMarker } from "../../../../../../lib/recordings/playback/schema.ts";
import {
  type ShortcutGroup,
  ShortcutsDialog,
} from "../../../../../components/audit/shortcuts/shortcuts-dialog.tsx";
import { useShortcuts } from "../../../../../components/audit/shortcuts/use-shortcuts.ts";
import type { Player } from "./player/player.ts";
import { STEP_MS } from "./player/player-controls.tsx";
import { commandAt } from "./side/command-at.ts";

const GROUPS: readonly ShortcutGroup[] = [
  {
    title: "Play",
    keys: [
      [["Space"], "Play, pause"],
      [["←", "→"], "10 s back, on"],
      [["<", ">"], "Slower, faster"],
      [["f"], "Full screen"],
    ],
  },
  {
    title: "Find",
    keys: [
      [["n", "p"], "Command on, back"],
      [["/"], "Search the text"],
      [["Enter"], "Next match"],
      [["Esc"], "Clear search"],
    ],
  },
  {
    title: "On the timeline",
    keys: [
      [["↑", "↓"], "1 s on, back"],
      [["PgUp", "PgDn"], "1 min on, back"],
      [["Home", "End"], "Start, end"],
      [["?"], "All keys"],
    ],
  },
];

/** A command that began less long ago than this is not gone to again, but the one before it. */
const JUST_BEGUN_MS = 1_000;

/** Where `p` goes: to the beginning of the command that runs, or, at its beginning, to the one before. */
function commandBefore(markers: readonly PlaybackMarker[], positionMs: number): PlaybackMarker | undefined {
  const current = commandAt(markers, positionMs);
  const marker = markers[current];
  return marker && positionMs - marker.atMs < JUST_BEGUN_MS ? markers[current - 1] : marker;
}

/** The keys of the page. */
export function PlaybackKeys({
  player,
  markers,
  onSearch,
  onFull,
}: {
  player: Player;
  markers: readonly PlaybackMarker[];
  onSearch: () => void;
  onFull: () => void;
}) {
  const [open, setOpen] = useState(false);
  const position = () => player.current().positionMs;
  const goTo = (marker: PlaybackMarker | undefined) => marker && player.seek(marker.atMs);
  useShortcuts({
    " ": () => player.toggle(),
    ArrowLeft: () => player.seekBy(-STEP_MS),
    ArrowRight: () => player.seekBy(STEP_MS),
    n: () => goTo(markers[commandAt(markers, position()) + 1]),
    p: () => goTo(commandBefore(markers, position())),
    "<": () => player.stepSpeed(-1),
    ">": () => player.stepSpeed(1),
    "/": onSearch,
    f: onFull,
    "?": () => setOpen(true),
  });
  return <ShortcutsDialog open={open} onOpenChange={setOpen} groups={GROUPS} />;
}
