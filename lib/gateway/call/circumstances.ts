import type { Circumstances } from "../../access/policy/circumstances.ts";
import type { CallRecord } from "./call-record.ts";

/** What a call is decided under, now. */
export function circumstancesOf(
  { clientIp, accessMethod }: CallRecord,
  { sessionKind }: Pick<Circumstances, "sessionKind">,
): Circumstances {
  return { time: Date.now(), clientAddress: clientIp, accessMethod, sessionKind, secondFactorAt: null };
}
