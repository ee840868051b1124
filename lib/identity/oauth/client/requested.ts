import type { Scope } from "../../../access/key-scopes/schema.ts";
import { requestedScopes } from "../../application-tokens/requested-scopes.ts";
import { TokenRequestError } from "../../application-tokens/token-request.ts";
import { recordableText } from "../../failed-authentication/recordable-text.ts";
import { COMMAND_LINE_CLIENT, DeviceName } from "./schema.ts";

/** What a login is to be called where its device does not say. */
const UNNAMED = "kubewitness";

/**
 * Whether the command line asks. Other programs are not known here, and it has no secret that somebody could send.
 * @throws TokenRequestError `invalid_client`, `unauthorized_client`
 */
export function requireCommandLine(
  authorization: string | null,
  parameters: ReadonlyMap<string, string>,
): void {
  if (authorization !== null || parameters.has("client_secret")) {
    throw new TokenRequestError(
      "invalid_client",
      `This grant is for ${COMMAND_LINE_CLIENT}, which has no secret: send its client_id alone.`,
    );
  }
  const clientId = parameters.get("client_id");
  if (clientId === COMMAND_LINE_CLIENT) return;
  if (clientId === undefined)
    throw new TokenRequestError("invalid_client", `client_id is missing; takes ${COMMAND_LINE_CLIENT}`);
  throw new TokenRequestError(
    "unauthorized_client",
    `client_id: this grant is for ${COMMAND_LINE_CLIENT} alone; an application uses client_credentials.`,
  );
}

/** Whether who asks says that it is the command line, and proves nothing, which it cannot. */
export const isCommandLine = (
  authorization: string | null,
  parameters: ReadonlyMap<string, string>,
): boolean =>
  authorization === null &&
  !parameters.has("client_secret") &&
  parameters.get("client_id") === COMMAND_LINE_CLIENT;

/** The scopes of a login, and what its device is called. @throws TokenRequestError `invalid_scope`, `invalid_request` */
export function readRequested({ scope, deviceName }: { scope?: string; deviceName?: string }): {
  scopes: readonly Scope[] | null;
  name: string;
} {
  const scopes = requestedScopes(scope, null);
  if (deviceName === undefined) return { scopes, name: UNNAMED };
  const name = DeviceName.safeParse(deviceName);
  if (name.success) return { scopes, name: recordableText(name.data) };
  throw new TokenRequestError("invalid_request", `device_name ${name.error.issues[0]?.message}`);
}

/** The scopes that a request names, to be shown; null: all that the person may. */
export function scopesAskedFor(scope: string | undefined): readonly Scope[] | null | "wrong" {
  try {
    return requestedScopes(scope, null);
  } catch {
    return "wrong";
  }
}
