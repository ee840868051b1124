"use client";

import { useSyncExternalStore } from "react";
import type { Player, PlayerState } from "./player.ts";

/** A part of the player's state. Renders anew only when that part is another: choose numbers, texts and truths. */
export function usePlayerState<Part extends number | string | boolean | null>(
  player: Player,
  choose: (state: PlayerState) => Part,
): Part {
  return useSyncExternalStore(
    player.subscribe,
    () => choose(player.current()),
    () => choose(player.current()),
  );
}
