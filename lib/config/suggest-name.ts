const GREATEST_DISTANCE = 3;

/** `; did you mean "x"?` for a name that is nearly one of those known, else an empty text. */
export function suggestName(name: string, known: readonly string[]): string {
  const ranked = known
    .map((candidate) => ({ candidate, distance: editDistance(name.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const [best] = ranked;
  return best && best.distance <= GREATEST_DISTANCE ? `; did you mean "${best.candidate}"?` : "";
}

/** Levenshtein distance, one row at a time. */
export function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (const [index, character] of [...a].entries()) {
    const next = [index + 1];
    for (let column = 1; column <= b.length; column++) {
      const substitution = row[column - 1]! + (b[column - 1] === character ? 0 : 1);
      next.push(Math.min(row[column]! + 1, next[column - 1]! + 1, substitution));
    }
    row = next;
  }
  return row[b.length]!;
}
