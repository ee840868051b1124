import { keepScopes } from "../../../access/key-scopes/kept-scopes.ts";
import { config } from "../../../config.ts";
import type { Context } from "../../../context.ts";
import { database } from "../../../db/connection.ts";
import { AppError } from "../../../errors.ts";
import { networkOf } from "../../../http/ip-address.ts";
import { readParameters } from "../../application-tokens/token-request.ts";
import { createCredential, hashCredential } from "../../tokens/format.ts";
import { readRequested, requireCommandLine } from "../client/requested.ts";
import type { DeviceAuthorization } from "./schema.ts";
import { createUserCode, hashUserCode } from "./user-code.ts";

const COUNTS_MS = 10 * 60_000;
/** So long one that has expired is remembered, to tell its device so. */
const REMEMBERED_MS = 5 * 60_000;
const INTERVAL_SECONDS = 5;
/** Nobody knows who asks: so many are kept, of all and of one network. */
const MOST_KEPT = 2_000;
export const MOST_KEPT_OF_NETWORK = 30;

/**
 * Begins the login of a device without a browser (RFC 8628, section 3.1). Nobody is signed in by it; when somebody answers, that is the event.
 * @throws TokenRequestError; AppError `resource_exhausted` where too many wait.
 */
export async function beginDeviceRequest({
  ctx,
  authorization,
  form,
}: {
  ctx: Context;
  authorization: string | null;
  form: string;
}): Promise<DeviceAuthorization> {
  const parameters = readParameters(form);
  requireCommandLine(authorization, parameters);
  const { scopes, name } = readRequested({
    scope: parameters.get("scope"),
    deviceName: parameters.get("device_name"),
  });
  await requireRoom(ctx);
  const [deviceCode, userCode] = [createCredential("deviceCode"), createUserCode()];
  await database().deviceRequest.create({
    data: {
      deviceCodeHash: hashCredential(deviceCode),
      userCodeHash: hashUserCode(userCode)!,
      name,
      scopes: keepScopes(scopes),
      sourceIp: ctx.sourceIp,
      sourceNetwork: networkOf(ctx.sourceIp),
      userAgent: ctx.userAgent,
      expiresAt: new Date(Date.now() + COUNTS_MS),
      intervalSeconds: INTERVAL_SECONDS,
    },
  });
  const page = `${config().publicUrl}/oauth/device`;
  return {
    device_code: deviceCode,
    user_code: userCode,
    verification_uri: page,
    verification_uri_complete: `${page}?user_code=${userCode}`,
    expires_in: COUNTS_MS / 1_000,
    interval: INTERVAL_SECONDS,
  };
}

async function requireRoom({ sourceIp }: Context): Promise<void> {
  const { deviceRequest } = database();
  await deviceRequest.deleteMany({ where: { expiresAt: { lt: new Date(Date.now() - REMEMBERED_MS) } } });
  const [kept, ofNetwork] = await Promise.all([
    deviceRequest.count(),
    deviceRequest.count({ where: { sourceNetwork: networkOf(sourceIp) } }),
  ]);
  if (kept < MOST_KEPT && ofNetwork < MOST_KEPT_OF_NETWORK) return;
  throw new AppError(
    "resource_exhausted",
    ofNetwork < MOST_KEPT_OF_NETWORK
      ? "Too many devices wait to be signed in. Try again in some minutes, or sign in without --device."
      : "Too many devices of this address wait to be signed in. Try again in some minutes.",
    { retryAfterSeconds: 60 },
  );
}
