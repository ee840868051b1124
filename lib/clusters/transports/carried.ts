import type { Duplex } from "node:stream";
import type { Carried } from "./transport.ts";

const carried = new WeakMap<Duplex, Carried>();

/** Notes who carries a stream. */
export function noteCarried<T extends Duplex>(stream: T, by: Carried): T {
  carried.set(stream, by);
  return stream;
}

/** Notes of `outer`, which goes on `inner`, that whoever carries that carries it. */
export function carriedLike<T extends Duplex>(inner: Duplex, outer: T): T {
  const by = carried.get(inner);
  return by === undefined ? outer : noteCarried(outer, by);
}

/** Who carries a stream; null where it goes by itself. */
export const carriedBy = (stream: Duplex): Carried | null => carried.get(stream) ?? null;
