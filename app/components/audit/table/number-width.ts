import { useRef, useState } from "react";
import { formatNumber } from "../format-count.ts";

/** Tabular digits of the table's font, 12 px Geist, and what stands between three of them. */
const DIGIT = 7.3;
const SEPARATOR = 3.6;
/** The cell's padding at the left edge of the table. */
const PADDING = 23;

/** How wide a first column is that holds this number: `1,113,525`. */
export function widthOfNumber(text: string): number {
  const digits = text.replaceAll(/\D/g, "").length;
  return Math.ceil(PADDING + digits * DIGIT + (text.length - digits) * SEPARATOR);
}

/** The longest number that was seen: the column grows with it, and never narrows while one scrolls. */
export function useLongestNo(): { text: string; see: (numbers: readonly number[]) => void } {
  const [text, setText] = useState("");
  const longest = useRef("");
  return {
    text,
    see: (numbers) => {
      const seen = formatNumber(Math.max(0, ...numbers));
      if (seen.length <= longest.current.length) return;
      longest.current = seen;
      setText(seen);
    },
  };
}
