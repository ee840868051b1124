import { LineRefusal } from "../line/line-refusal.ts";

/**
 * Reads single-letter options of a helper: those in `switches` alone or together (`-iv`), those in `values` with what follows (`-n 5`, `-n5`).
 * Throws a {@link LineRefusal} that names an unknown one.
 */
export function readOptions(words: string[], name: string, switches: string, values = "") {
  const given = new Set<string>();
  const valued = new Map<string, string>();
  const operands: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (word === "--") {
      operands.push(...words.slice(at + 1));
      break;
    }
    if (!/^-./.test(word)) {
      operands.push(word);
      continue;
    }
    for (let index = 1; index < word.length; index++) {
      const letter = word[index]!;
      if (switches.includes(letter)) given.add(letter);
      else if (values.includes(letter)) {
        const value = word.slice(index + 1) || words[++at];
        if (value === undefined) throw new LineRefusal(`${name} -${letter} needs a value`);
        valued.set(letter, value);
        break;
      } else throw new LineRefusal(`${name} has no -${letter}: see help`);
    }
  }
  return { given, valued, operands };
}

/** A count that an option gives. */
export function readCount(text: string, what: string): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && count <= 1_000_000) return count;
  throw new LineRefusal(`${what} got ${JSON.stringify(text)}: takes a whole number up to 1000000`);
}
