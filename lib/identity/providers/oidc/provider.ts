import type { OidcProviderConfig } from "../../../config.ts";
import { configuredProvider } from "../provider/configured-provider.ts";
import type { OAuthProvider } from "../provider/identity-provider.ts";
import { readIdentity } from "./claims.ts";
import { confirmPerson } from "./confirm.ts";
import { readLogoutToken } from "./logout-token.ts";
import { signInOptions } from "./sign-in-options.ts";
import { signOutAddress } from "./sign-out.ts";
import { withUserInfo } from "./user-info.ts";

/** An OpenID Connect provider. `issuer`: what its people are kept under. */
export function oidcProvider(settings: OidcProviderConfig, issuer: string): OAuthProvider {
  return {
    ...configuredProvider(settings, issuer),
    flow: "oauth",
    signInWith: (attempt) => signInOptions(settings, attempt),
    identify: async ({ claims, accessToken }) => {
      const known = { claims, subject: String(claims.sub), accessToken };
      return readIdentity(await withUserInfo(settings, known), { settings, issuer });
    },
    signOutAddress: (session) => signOutAddress(settings, session),
    readLogoutToken: (token) => readLogoutToken(settings, token),
    confirm: (question) => confirmPerson(settings, question),
  };
}
