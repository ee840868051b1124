import { issuerName } from "../../../config/issuer.ts";
import { nameProviderSetting } from "../../../config/providers.ts";
import type { OidcProviderConfig } from "../../../config.ts";
import { consoleRoleOf } from "../provider/console-role-of.ts";
import type { OAuthProvider } from "../provider/identity-provider.ts";
import { readIdentity } from "./claims.ts";
import { confirmPerson } from "./confirm.ts";
import { readLogoutToken } from "./logout-token.ts";
import { signInOptions } from "./sign-in-options.ts";
import { signOutAddress } from "./sign-out.ts";
import { withUserInfo } from "./user-info.ts";

/** An OpenID Connect provider. `issuer`: what its people are kept under. */
export function oidcProvider(settings: OidcProviderConfig, issuer: string): OAuthProvider {
  const { id, kind, name, formerIssuer, allowedDomains, linkVerifiedEmail, groupNames } = settings;
  return {
    id,
    kind,
    flow: "oauth",
    name,
    issuer,
    formerIssuer: formerIssuer === null ? null : issuerName(formerIssuer),
    allowedDomains,
    linkVerifiedEmail,
    groupNames,
    nameSetting: (field) => nameProviderSetting(settings, field),
    consoleRoleOf: (groups) => consoleRoleOf(settings, groups),
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
