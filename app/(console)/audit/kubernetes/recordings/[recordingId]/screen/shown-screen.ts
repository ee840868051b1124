import type { PlayerScreen } from "../player/player.ts";

/** A screen as the page has it: what plays on it, and what it is drawn with. */
export interface ShownScreen {
  screen: PlayerScreen;
  /** The lines that are drawn now, for marks. */
  lines(): { element: Element; isWrapped: boolean }[];
  /** Whether lines can be out of sight, so that a match has to be scrolled to. */
  scrolls: boolean;
  /** Told each time after something was drawn. Returns what ends it. */
  onDrawn(listener: () => void): () => void;
  /** Told when somebody begins to select text. Returns what ends it. */
  onSelect(listener: () => void): () => void;
}
