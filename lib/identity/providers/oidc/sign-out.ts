import type { OidcProviderConfig } from "../../../config.ts";
import { config } from "../../../config.ts";
import type { ProviderSignOut } from "../provider/identity-provider.ts";

/** Where a person comes back to who has signed out at the provider. It has to be registered there. */
const SIGNED_OUT_PATH = "/api/auth/signed-out";

/** Where to sign out at the provider (OpenID Connect RP-Initiated Logout 1.0, section 2). */
export function signOutAddress(
  { clientId }: OidcProviderConfig,
  { address, idToken }: ProviderSignOut,
): string {
  const target = new URL(address);
  if (idToken !== null) target.searchParams.set("id_token_hint", idToken);
  target.searchParams.set("client_id", clientId);
  target.searchParams.set("post_logout_redirect_uri", config().publicUrl + SIGNED_OUT_PATH);
  return target.href;
}
