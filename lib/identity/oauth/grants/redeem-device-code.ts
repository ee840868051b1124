import { readScopes } from "../../../access/key-scopes/kept-scopes.ts";
import type { Context } from "../../../context.ts";
import type { Transaction } from "../../../db/client.ts";
import { TokenRequestError } from "../../application-tokens/token-request.ts";
import { hashCredential, isWellFormed } from "../../tokens/format.ts";
import { beginLogin } from "./begin-login.ts";
import type { AskedToken } from "./issue-access-token.ts";
import { Refused, Unknown } from "./refused.ts";
import type { Target } from "./target.ts";
import type { LoginTokens } from "./token-answer.ts";

/** What each poll that came too early adds (RFC 8628, section 3.5). */
const SLOWER_SECONDS = 5;
const SLOWEST_SECONDS = 60;

export interface DeviceGrant extends AskedToken {
  kind: "device_code";
  deviceCode: string;
}

/** Reads RFC 8628, section 3.4. @throws TokenRequestError `invalid_request` */
export function readDeviceGrant(parameters: ReadonlyMap<string, string>, asked: AskedToken): DeviceGrant {
  const deviceCode = parameters.get("device_code");
  if (deviceCode === undefined) throw new TokenRequestError("invalid_request", "device_code is missing");
  return { kind: "device_code", deviceCode, ...asked };
}

interface Polled {
  id: string;
  name: string;
  scopes: string[];
  user_id: string | null;
  session_id: string | null;
  second_factor_at: Date | null;
  approved: boolean;
  answered: boolean;
  expired: boolean;
  early: boolean;
}

/** A device code for tokens, once somebody has approved; until then, what to do (RFC 8628, section 3.5). */
export async function redeemDeviceCode(
  tx: Transaction,
  ctx: Context,
  { deviceCode, ...asked }: DeviceGrant,
  target: Target,
): Promise<LoginTokens | Refused> {
  const row = isWellFormed("deviceCode", deviceCode) ? await poll(tx, deviceCode) : null;
  if (row === null) return new Unknown("The device code is unknown, or was used.");
  if (row.expired) return new Refused("The device code has expired. Begin anew.", "expired_token");
  if (row.early)
    return new Refused(`Ask less often: wait ${SLOWER_SECONDS} seconds longer each time.`, "slow_down");
  if (!row.answered) return new Refused("Nobody has answered yet. Ask again.", "authorization_pending");
  await tx.deviceRequest.delete({ where: { id: row.id } });
  if (!row.approved) return new Refused("It was refused in the browser.", "access_denied");
  const { tokens } = await beginLogin(tx, ctx, {
    approved: {
      userId: row.user_id!,
      sessionId: row.session_id!,
      secondFactorAt: row.second_factor_at,
      scopes: readScopes(row.scopes),
      name: row.name,
      flow: "device",
    },
    asked,
    target,
  });
  return tokens;
}

/** Half a second of a poll's interval is forgiven: networks are not even. */
async function poll(tx: Transaction, deviceCode: string): Promise<Polled | null> {
  const [row] = await tx.$queryRaw<Polled[]>`
    select id, name, scopes, user_id, session_id, second_factor_at, approved, answered_at is not null as answered, expires_at <= now() as expired,
      coalesce(polled_at > now() - make_interval(secs => interval_seconds) + interval '500 milliseconds', false) as early
    from device_requests where device_code_hash = ${hashCredential(deviceCode)} for update`;
  if (!row) return null;
  await tx.$executeRaw`
    update device_requests set polled_at = now(),
      interval_seconds = case when ${row.early} then least(interval_seconds + ${SLOWER_SECONDS}, ${SLOWEST_SECONDS}) else interval_seconds end
    where id = ${row.id}::uuid`;
  return row;
}
