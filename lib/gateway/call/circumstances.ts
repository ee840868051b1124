import { decisionTime } from "../../access/clock.ts";
import type { Circumstances } from "../../access/policy/circumstances.ts";
import type { AuthenticatedToken } from "../../identity/actor/authenticated-token.ts";
import type { CallRecord } from "./call-record.ts";

/** What a call is decided under, now. */
export function circumstancesOf(
  { clientIp, accessMethod }: CallRecord,
  {
    sessionKind,
    authenticated,
  }: Pick<Circumstances, "sessionKind"> & { authenticated: Pick<AuthenticatedToken, "secondFactorAt"> },
): Circumstances {
  const secondFactorAt = authenticated.secondFactorAt?.getTime() ?? null;
  return { time: decisionTime(), clientAddress: clientIp, accessMethod, sessionKind, secondFactorAt };
}
