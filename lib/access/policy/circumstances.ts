import type { KubeRequestEntry } from "../../audit/entry/entry.ts";

/**
 * A connection that goes on after its call was answered. `unwatched`: of another API's own protocol, such as a virtual machine's
 * console, of which only start, end and bytes can be told.
 */
export type SessionKind = "exec" | "attach" | "portforward" | "unwatched";

/** Under what circumstances something is asked: what its attributes do not say, and rules may depend on. */
export interface Circumstances {
  /** Milliseconds since the epoch. */
  time: number;
  /** The real client's (forwarded headers count only from trusted proxies); null where it cannot be told. */
  clientAddress: string | null;
  /** As the record names it. */
  accessMethod: KubeRequestEntry["accessMethod"];
  /** Null for a call that is no session. */
  sessionKind: SessionKind | null;
  /** When the caller showed a second factor last, in milliseconds since the epoch; null where nobody asked for one. */
  secondFactorAt: number | null;
}
