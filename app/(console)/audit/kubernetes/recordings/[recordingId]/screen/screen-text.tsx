"use client";

import { useEffect, useState } from "react";
import type { Player } from "../player/player.ts";
import { usePlayerState } from "../player/use-player-state.ts";
import type { ShownScreen } from "./shown-screen.ts";

/** The text of a screen that stands still, for screen readers: what is drawn of a terminal is hidden from them, as it changes all the time. */
export function ScreenText({ shown, player }: { shown: ShownScreen; player: Player }) {
  const rests = usePlayerState(player, ({ playing, waiting }) => !playing && !waiting);
  const [text, setText] = useState("");
  useEffect(() => {
    if (!rests) return;
    const read = () =>
      setText(
        shown
          .lines()
          .map(({ element }) => element.textContent?.trimEnd())
          .join("\n"),
      );
    read();
    return shown.onDrawn(read);
  }, [shown, rests]);
  return (
    <section aria-label="Text of the screen" className="sr-only">
      <pre>{text}</pre>
    </section>
  );
}
