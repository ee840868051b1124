import { parseJson, readText, send } from "../http/send.ts";
import { Failure } from "../program/failure.ts";
import { CLIENT_ID } from "./metadata.ts";

/** RFC 6749, section 5.1. */
export interface TokenAnswer {
  accessToken: string;
  /** Milliseconds since 1970. */
  expiresAt: number;
  refreshToken: string;
}

/** RFC 6749, section 5.2: what the server said no with. */
export class TokenRefusal extends Error {
  readonly error: string;

  constructor(error: string, description: string) {
    super(description);
    this.error = error;
  }
}

/** Below the half minute within which the installation takes a refresh token that comes again for one whose answer was lost. */
const SILENT_MS = 10_000;

interface Endpoint {
  url: string;
  certificateAuthority: string | null;
}

/**
 * Posts a form to an endpoint of the authorization server, as this client.
 * @returns its JSON
 * @throws TokenRefusal where it says no, Failure where it cannot be asked.
 */
export async function postForm(
  { url, certificateAuthority }: Endpoint,
  form: Record<string, string>,
): Promise<Record<string, unknown>> {
  const address = new URL(url);
  const answer = await send({
    method: "POST",
    url: address,
    certificateAuthority,
    silentMs: SILENT_MS,
    headers: { "Content-Type": "application/x-www-form-urlencoded", Accept: "application/json" },
    body: new URLSearchParams({ client_id: CLIENT_ID, ...form }).toString(),
  });
  const { statusCode = 0 } = answer;
  const text = await readText(address, answer);
  const body = (parseJson(text) ?? {}) as Record<string, unknown>;
  if (statusCode >= 200 && statusCode < 300) return body;
  if (typeof body.error === "string")
    throw new TokenRefusal(body.error, String(body.error_description ?? body.error));
  const said = typeof body.message === "string" ? body.message : `It answered ${statusCode}.`;
  throw new Failure("failed", `${address.origin}: ${said}`);
}

/** Asks for tokens. @throws as `postForm` */
export async function requestTokens(endpoint: Endpoint, form: Record<string, string>): Promise<TokenAnswer> {
  const askedAt = Date.now();
  const body = await postForm(endpoint, form);
  const { access_token, refresh_token, expires_in } = body;
  if (typeof access_token !== "string" || typeof refresh_token !== "string" || typeof expires_in !== "number")
    throw new Failure(
      "failed",
      `${new URL(endpoint.url).origin} answered without the tokens that were asked for.`,
    );
  return { accessToken: access_token, refreshToken: refresh_token, expiresAt: askedAt + expires_in * 1000 };
}
