"use client";

import { useEffect } from "react";
import type { Player } from "../player/player.ts";
import type { ShownScreen } from "./shown-screen.ts";

/** What somebody selects stays where it is until it is copied. */
export function usePauseOnSelect(shown: ShownScreen | null, player: Player | null): void {
  useEffect(() => {
    if (!shown || !player) return;
    return shown.onSelect(() => player.current().playing && player.pause());
  }, [shown, player]);
}
