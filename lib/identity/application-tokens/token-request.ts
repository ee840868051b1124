import type { TokenGrant } from "../applications/schema.ts";

/** Why a request is refused in the words of RFC 6749, section 5.2; 429 and 503 have a word of section 4.1.2.1. */
export type TokenErrorCode =
  | "invalid_request"
  | "invalid_client"
  | "unauthorized_client"
  | "unsupported_grant_type"
  | "invalid_scope"
  | "invalid_grant"
  /** RFC 8707, section 2. */
  | "invalid_target"
  /** RFC 8628, section 3.5. */
  | "authorization_pending"
  | "slow_down"
  | "expired_token"
  | "access_denied"
  | "temporarily_unavailable"
  | "server_error";

/** A request to the token endpoint that is refused. The message is the answer's `error_description`. */
export class TokenRequestError extends Error {
  readonly code: TokenErrorCode;

  constructor(code: TokenErrorCode, message: string) {
    super(message);
    this.name = "TokenRequestError";
    this.code = code;
  }
}

const BASIC = /^basic +([A-Za-z0-9+/]+={0,2})$/i;

/** Whether a request speaks RFC 6749: a form, or the client's credentials by HTTP Basic. */
export function isTokenRequest(headers: Headers): boolean {
  const [type = ""] = (headers.get("content-type") ?? "").split(";");
  const isForm = type.trim().toLowerCase() === "application/x-www-form-urlencoded";
  return isForm || /^basic\b/i.test(headers.get("authorization") ?? "");
}

/**
 * Reads a request for a token by client credentials (RFC 6749, section 4.4.2): the client's id and secret by HTTP Basic, form-encoded first, or in
 * the form (section 2.3.1), never both. Parameters that are not known are ignored, those without a value are absent (section 3.2).
 * @throws TokenRequestError
 */
export function readTokenRequest({
  authorization,
  form,
}: {
  authorization: string | null;
  form: string;
}): TokenGrant {
  const parameters = readParameters(form);
  const grantType = parameters.get("grant_type");
  if (grantType === undefined) {
    throw new TokenRequestError("invalid_request", "grant_type is missing; takes client_credentials");
  }
  if (grantType !== "client_credentials") {
    throw new TokenRequestError("unsupported_grant_type", "grant_type takes client_credentials");
  }
  const credentials = clientCredentials({ authorization, parameters });
  return { grantType, ...credentials, scope: parameters.get("scope") };
}

/**
 * The client's id and secret, by HTTP Basic or in the form (RFC 6749, section 2.3.1).
 * @throws TokenRequestError
 */
export function clientCredentials({
  authorization,
  parameters,
}: {
  authorization: string | null;
  parameters: ReadonlyMap<string, string>;
}): Credentials {
  return authorization === null
    ? credentialsOfForm(parameters)
    : credentialsOfBasic(authorization, parameters);
}

/** The parameters of a form, each once. @throws TokenRequestError */
export function readParameters(form: string): Map<string, string> {
  const parameters = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(form)) {
    if (value === "") continue;
    if (parameters.has(name)) {
      const shown = KNOWN.has(name) ? name : "a parameter";
      throw new TokenRequestError("invalid_request", `${shown} is given more than once; give it once.`);
    }
    parameters.set(name, value);
  }
  return parameters;
}

const KNOWN: ReadonlySet<string> = new Set([
  "grant_type",
  "client_id",
  "client_secret",
  "scope",
  "token",
  "token_type_hint",
  "code",
  "code_verifier",
  "redirect_uri",
  "device_code",
  "device_name",
  "refresh_token",
  "resource",
]);

export interface Credentials {
  clientId: string;
  clientSecret: string;
}

function credentialsOfForm(parameters: ReadonlyMap<string, string>): Credentials {
  const clientId = parameters.get("client_id");
  const clientSecret = parameters.get("client_secret");
  if (clientId === undefined || clientSecret === undefined) {
    throw new TokenRequestError(
      "invalid_client",
      "The application's id and secret are missing: send them by HTTP Basic, or as client_id and client_secret.",
    );
  }
  return { clientId, clientSecret };
}

function credentialsOfBasic(authorization: string, parameters: ReadonlyMap<string, string>): Credentials {
  if (parameters.has("client_secret")) {
    throw new TokenRequestError(
      "invalid_request",
      "The secret came twice: by HTTP Basic and as client_secret. Send it once.",
    );
  }
  const encoded = BASIC.exec(authorization.trim())?.[1];
  const decoded = encoded === undefined ? "" : Buffer.from(encoded, "base64").toString("utf8");
  const at = decoded.indexOf(":");
  if (at < 0) {
    throw new TokenRequestError(
      "invalid_client",
      "The Authorization header takes Basic, and id:secret in base64.",
    );
  }
  const clientId = decodeFormText(decoded.slice(0, at));
  if ((parameters.get("client_id") ?? clientId) !== clientId) {
    throw new TokenRequestError("invalid_request", "client_id is not the id that came by HTTP Basic.");
  }
  return { clientId, clientSecret: decodeFormText(decoded.slice(at + 1)) };
}

/** Ids and secrets of ours hold nothing that a form would encode: who does not encode them is understood as well. */
function decodeFormText(text: string): string {
  return new URLSearchParams(`x=${text.replaceAll("&", "%26")}`).get("x") ?? "";
}
