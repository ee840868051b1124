/** Random numbers that are the same for the same seed (mulberry32), so that two runs make the same history. */
export interface Random {
  /** From 0 (inclusive) to 1. */
  next(): number;
  integer(min: number, max: number): number;
  chance(probability: number): boolean;
  pick<T>(values: readonly T[]): T;
  pickWeighted<T extends { weight: number }>(values: readonly T[]): T;
  uuid(time: number): string;
  text(length: number): string;
}

const LETTERS = "bcdfghjklmnpqrstvwxz2456789";

export function createRandom(seed: number): Random {
  let state = seed | 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const integer = (min: number, max: number): number => min + Math.floor(next() * (max - min + 1));
  const pick = <T>(values: readonly T[]): T => values[integer(0, values.length - 1)]!;
  const hex = (digits: number): string =>
    Math.floor(next() * 16 ** digits)
      .toString(16)
      .padStart(digits, "0");
  return {
    next,
    integer,
    pick,
    chance: (probability) => next() < probability,
    pickWeighted(values) {
      let left = next() * values.reduce((sum, { weight }) => sum + weight, 0);
      for (const value of values) {
        left -= value.weight;
        if (left < 0) return value;
      }
      return values.at(-1)!;
    },
    // Version 7, RFC 9562: the time in milliseconds first.
    uuid(time) {
      const stamp = time.toString(16).padStart(12, "0");
      return `${stamp.slice(0, 8)}-${stamp.slice(8)}-7${hex(3)}-${pick(["8", "9", "a", "b"])}${hex(3)}-${hex(12)}`;
    },
    text: (length) => Array.from({ length }, () => LETTERS[integer(0, LETTERS.length - 1)]).join(""),
  };
}
