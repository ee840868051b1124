/**
 * What is known of a call at its cluster. Nothing of it was sent; it was sent, and nothing is known; the cluster answered. What a
 * client may be told, and whether it may send the call again, follows from this alone.
 */
export type Fate = { kind: "not-sent" } | { kind: "unknown" } | { kind: "answered"; statusCode: number };

export const NOT_SENT: Fate = { kind: "not-sent" };
export const UNKNOWN: Fate = { kind: "unknown" };

export function answered(statusCode: number): Fate {
  return { kind: "answered", statusCode };
}
