import { z } from "zod";
import type { OidcProviderConfig } from "../../../config.ts";
import { PROVIDER_TIMEOUT_MS } from "../provider/identity-provider.ts";
import { basicCredentials } from "./basic-credentials.ts";
import type { ProviderMetadata } from "./metadata.ts";

const OAuthError = z.object({ error: z.string(), error_description: z.string().optional() });

/**
 * Whether the provider takes the client's id and secret: it is asked to redeem a refresh token that there is not, and has to refuse that and not
 * the client (RFC 6749, section 5.2).
 * @throws Error that says what it refuses.
 */
export async function checkClient(
  settings: OidcProviderConfig,
  { token_endpoint }: ProviderMetadata,
): Promise<void> {
  const response = await fetch(token_endpoint, {
    method: "POST",
    redirect: "error",
    signal: AbortSignal.timeout(PROVIDER_TIMEOUT_MS),
    headers: { authorization: basicCredentials(settings), accept: "application/json" },
    body: new URLSearchParams({ grant_type: "refresh_token", refresh_token: "kubewitness-tests-the-client" }),
  });
  const answered = OAuthError.safeParse(await response.json().catch(() => null));
  if (!answered.success)
    throw new Error(`its token endpoint answers ${response.status}, and no error of OAuth`);
  const { error, error_description } = answered.data;
  if (error === "invalid_grant" || error === "invalid_request" || error === "unauthorized_client") return;
  throw new Error(`it refuses the client: ${[error, error_description].filter(Boolean).join(": ")}`);
}
