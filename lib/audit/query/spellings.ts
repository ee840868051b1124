import { lowerAscii } from "../../filter/contains.ts";

/** As many characters make a trigram. */
const LEAST = 3;
const MOST_SPELLINGS = 32;
/** Letters that are one in lower case, and that neither case leads to from the other. */
const OTHERS: Readonly<Record<string, string>> = { ß: "ẞ", σ: "ς", ς: "σ" };

/**
 * A part of a needle in each way that upper and lower case may write it where only ASCII was folded: text that has the needle in any case has one of
 * them. The longest part with few enough ways; none where every part has too many, or the needle is too short.
 */
export function spellingsOf(needle: string): string[] {
  const letters = [...needle].map(waysOf);
  for (let length = letters.length; length >= LEAST; length -= 1) {
    for (let from = 0; from + length <= letters.length; from += 1) {
      const part = letters.slice(from, from + length);
      if (part.reduce((count, ways) => count * ways.length, 1) <= MOST_SPELLINGS) return combine(part);
    }
  }
  return [];
}

function waysOf(letter: string): string[] {
  if (letter <= "\x7f") return [lowerAscii(letter)];
  const lower = letter.toLowerCase();
  const ways = [letter, lower, letter.toUpperCase(), OTHERS[lower] ?? letter];
  // A letter whose other case is several is found as it is.
  return [...new Set(ways)].filter((way) => [...way].length === 1);
}

const combine = (letters: string[][]): string[] =>
  letters.reduce<string[]>((texts, ways) => texts.flatMap((text) => ways.map((way) => text + way)), [""]);
