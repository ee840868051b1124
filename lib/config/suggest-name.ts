import { editDistance } from "../filter/suggest.ts";

const GREATEST_DISTANCE = 3;

/** `; did you mean "x"?` for a name that is nearly one of those known, else an empty text. */
export function suggestName(name: string, known: readonly string[]): string {
  const ranked = known
    .map((candidate) => ({ candidate, distance: editDistance(name.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const [best] = ranked;
  return best && best.distance <= GREATEST_DISTANCE ? `; did you mean "${best.candidate}"?` : "";
}
