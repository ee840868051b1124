/** So many rows may have come before the list is read anew, which lets go of those at its end. */
export const MOST_ARRIVED = 500;

/** What becomes of rows that were just committed. */
export interface Placing {
  /** They stand at the top at once; otherwise they wait. */
  appears: boolean;
  /** The list is read anew. */
  reload: boolean;
}

/**
 * Where new rows go. `paused`: the viewer reads or has scrolled. `arrived`: rows that came since the list was read. `more`: more were
 * committed than were told of. `isStale`: the list is being read anew already, and will have them.
 */
export function placeNews({
  paused,
  arrived,
  more,
  isStale,
}: {
  paused: boolean;
  arrived: number;
  more: boolean;
  isStale: boolean;
}): Placing {
  const isFull = arrived >= MOST_ARRIVED;
  return { appears: !paused && !isFull && !more, reload: !paused && !isStale && (more || isFull) };
}
