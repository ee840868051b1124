/** Marks nearer to one another than this part of the recording cannot be told apart. */
const NEAREST = 1 / 400;

/** Leaves out marks that would stand on another that matters as much or more: so many at most that a browser draws them at once. */
export function thinMarks<Mark extends { atMs: number; failed?: boolean }>(
  marks: readonly Mark[],
  durationMs: number,
): Mark[] {
  const kept = new Map<number, Mark>();
  for (const mark of marks) {
    const place = Math.round(mark.atMs / Math.max(1, durationMs * NEAREST));
    const there = kept.get(place);
    if (!there || (mark.failed && !there.failed)) kept.set(place, mark);
  }
  return [...kept.values()];
}
