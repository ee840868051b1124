/** A search goes on as the same one while its page asks again within this time. */
const IDLE_MS = 10 * 60_000;
/** A page that is left open is on the record once a day. */
const LONGEST_MS = 24 * 3_600_000;
/** How far a window may move on beyond what the clock did: requests of one refresh are not at the same millisecond. */
const SLACK_MS = 60_000;
/** Windows of one length that somebody may look at side by side. */
const MOST_SIDE_BY_SIDE = 8;

/** A search that is on the record, and the starts of the windows that it was seen with (milliseconds). */
export interface RecordedSearch {
  firstFrom: number;
  lastFrom: number;
  startedAt: number;
  seenAt: number;
  /** Settles when its event is stored. */
  recorded: Promise<void>;
}

/**
 * The search among `earlier` (of the same person, filter and length of window) of which this one is a repetition: the same window, or one
 * that has moved on with the clock as a page that refreshes itself does ("the last hour"; its rows may still be asked for by an earlier
 * window while its counts are asked for by the latest). Null where it is another one.
 */
export function findRepeated(
  earlier: readonly RecordedSearch[],
  from: number,
  now: number,
): RecordedSearch | null {
  return (
    earlier.find(({ firstFrom, lastFrom, startedAt, seenAt }) => {
      const passed = now - seenAt;
      const isWithin = from >= firstFrom && from <= lastFrom + passed + SLACK_MS;
      return isWithin && passed < IDLE_MS && now - startedAt < LONGEST_MS;
    }) ?? null
  );
}

/** The searches to remember with a new one: the latest. */
export function rememberSearch(earlier: readonly RecordedSearch[], search: RecordedSearch): RecordedSearch[] {
  return [search, ...earlier].toSorted((a, b) => b.seenAt - a.seenAt).slice(0, MOST_SIDE_BY_SIDE);
}
