/**
 * Whether something holds, and for how long that stands if nothing passes but time: from `since` to just before `until`, in
 * milliseconds since the epoch.
 */
export interface Standing {
  holds: boolean;
  since: number;
  until: number;
}

const EVER = { since: Number.NEGATIVE_INFINITY, until: Number.POSITIVE_INFINITY };
export const ALWAYS: Standing = { holds: true, ...EVER };
export const NEVER: Standing = { holds: false, ...EVER };

/** Holds where each does. */
export function every<T>(items: readonly T[], standingOf: (item: T) => Standing): Standing {
  let standing = ALWAYS;
  for (const item of items) {
    const next = standingOf(item);
    if (!next.holds) return next;
    standing = during(standing, next);
  }
  return standing;
}

/** Holds where one does. */
export function some<T>(items: readonly T[], standingOf: (item: T) => Standing): Standing {
  let standing = NEVER;
  for (const item of items) {
    const next = standingOf(item);
    if (next.holds) return next;
    standing = during(standing, next);
  }
  return standing;
}

/** Holds where both do; `other` is asked only where the first does. */
export function and(standing: Standing, other: () => Standing): Standing {
  if (!standing.holds) return standing;
  const next = other();
  return next.holds ? during(standing, next) : next;
}

/** `standing`, no longer than `other` stands. */
export function during(standing: Standing, other: Standing): Standing {
  if (isWithin(standing, other)) return standing;
  if (isWithin(other, standing) && other.holds === standing.holds) return other;
  return {
    holds: standing.holds,
    since: Math.max(standing.since, other.since),
    until: Math.min(standing.until, other.until),
  };
}

function isWithin(inner: Standing, outer: Standing): boolean {
  return inner.since >= outer.since && inner.until <= outer.until;
}
