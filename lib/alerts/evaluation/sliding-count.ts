/** Matches that began in a small span of time. */
export interface Bucket {
  /** Its start, milliseconds. */
  at: number;
  matches: number;
}

/** What a condition is about. */
export interface Rule {
  /** It holds at more matches than these; 0: at any. */
  moreThan: number;
  withinMs: number;
}

/** Matches that fire an alert, and the span of time that they are in; milliseconds, `to` excluded. */
export interface Hit {
  matches: number;
  from: number;
  to: number;
}

/** However long an alert looks back, it keeps no more spans than about these. */
const MOST_BUCKETS = 300;

/** How long a bucket is: a second, or a three hundredth of how far an alert looks back. */
export const bucketLength = ({ withinMs }: Pick<Rule, "withinMs">): number =>
  Math.max(1_000, Math.ceil(withinMs / MOST_BUCKETS / 1_000) * 1_000);

/** Counts times by their bucket, in order. */
export function countByBucket(times: readonly number[], rule: Rule): Bucket[] {
  const length = bucketLength(rule);
  const counts = new Map<number, number>();
  for (const time of times) {
    const at = Math.floor(time / length) * length;
    counts.set(at, (counts.get(at) ?? 0) + 1);
  }
  return [...counts].map(([at, matches]) => ({ at, matches })).toSorted((a, b) => a.at - b.at);
}

/**
 * The first time at which more matches than permitted lie within the rule's length, with all that follow: they are one thing. Null where there is none.
 * `buckets`: in order of time.
 */
export function findHit(buckets: readonly Bucket[], rule: Rule): Hit | null {
  const length = bucketLength(rule);
  let start = 0;
  let sum = 0;
  for (const { at, matches } of buckets) {
    sum += matches;
    while (buckets[start]!.at <= at - rule.withinMs) sum -= buckets[start++]!.matches;
    if (sum > rule.moreThan) return hitFrom(buckets.slice(start), length);
  }
  return null;
}

function hitFrom(buckets: readonly Bucket[], length: number): Hit {
  return {
    matches: buckets.reduce((sum, { matches }) => sum + matches, 0),
    from: buckets[0]!.at,
    to: buckets.at(-1)!.at + length,
  };
}

/** How often a rule would have fired over buckets of the past, and when last: after each time it waits for `againAfterMs`. */
export function countFirings(
  buckets: readonly Bucket[],
  rule: Rule & { againAfterMs: number },
): { firings: number; last: number | null } {
  const length = bucketLength(rule);
  let [firings, start, sum, held] = [0, 0, 0, false];
  let last: number | null = null;
  const fire = (at: number) => {
    firings += 1;
    last = at;
    held = false;
  };
  buckets.forEach(({ at, matches }, index) => {
    if (held && last !== null && at >= last + rule.againAfterMs) fire(last + rule.againAfterMs);
    sum += matches;
    while (start <= index && buckets[start]!.at <= at - rule.withinMs) sum -= buckets[start++]!.matches;
    if (sum <= rule.moreThan) return;
    [start, sum] = [index + 1, 0];
    if (last !== null && at + length <= last + rule.againAfterMs) held = true;
    else fire(at);
  });
  if (held && last !== null) fire(last + rule.againAfterMs);
  return { firings, last };
}
