import { requireCommandLine } from "../client/requested.ts";
import type { AskedToken } from "./issue-access-token.ts";
import { type CodeGrant, readCodeGrant } from "./redeem-code.ts";
import { type DeviceGrant, readDeviceGrant } from "./redeem-device-code.ts";
import { type RefreshGrant, readRefreshGrant } from "./redeem-refresh-token.ts";

export type CommandLineGrant = CodeGrant | DeviceGrant | RefreshGrant;

const READERS: Record<
  string,
  (parameters: ReadonlyMap<string, string>, asked: AskedToken) => CommandLineGrant
> = {
  authorization_code: readCodeGrant,
  "urn:ietf:params:oauth:grant-type:device_code": readDeviceGrant,
  refresh_token: readRefreshGrant,
};

/** The grants of the command line, as `grant_type` names them. */
export const COMMAND_LINE_GRANTS = Object.keys(READERS);

/**
 * Reads a request for tokens of the command line; null where its `grant_type` is none of those.
 * @throws TokenRequestError
 */
export function readCommandLineGrant(
  authorization: string | null,
  parameters: ReadonlyMap<string, string>,
): CommandLineGrant | null {
  const grantType = parameters.get("grant_type") ?? "";
  const read = Object.hasOwn(READERS, grantType) ? READERS[grantType] : undefined;
  if (read === undefined) return null;
  requireCommandLine(authorization, parameters);
  return read(parameters, { resource: parameters.get("resource"), scope: parameters.get("scope") });
}
