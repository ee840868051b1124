import { issuerName } from "../../../config/issuer.ts";
import { nameProviderSetting } from "../../../config/providers.ts";
import type { OidcProviderConfig } from "../../../config.ts";
import type { ConsoleRole } from "../../../context.ts";
import type { OAuthProvider } from "../provider/identity-provider.ts";
import { readIdentity } from "./claims.ts";
import { confirmPerson } from "./confirm.ts";
import { signInOptions } from "./sign-in-options.ts";
import { withUserInfo } from "./user-info.ts";

/** An OpenID Connect provider. `issuer`: what its people are kept under. */
export function oidcProvider(settings: OidcProviderConfig, issuer: string): OAuthProvider {
  const { id, kind, name, formerIssuer } = settings;
  return {
    id,
    kind,
    flow: "oauth",
    name,
    issuer,
    formerIssuer: formerIssuer === null ? null : issuerName(formerIssuer),
    nameSetting: (field) => nameProviderSetting(settings, field),
    consoleRoleOf: (groups) => consoleRoleOf(settings, groups),
    signInWith: (attempt) => signInOptions(settings, attempt),
    identify: async ({ claims, accessToken }) => {
      const known = { claims, subject: String(claims.sub), accessToken };
      return readIdentity(await withUserInfo(settings, known), { settings, issuer });
    },
    confirm: (question) => confirmPerson(settings, question),
  };
}

function consoleRoleOf(
  { administratorGroups, auditorGroups }: OidcProviderConfig,
  groups: readonly string[],
): ConsoleRole {
  const memberOf = (wanted: readonly string[]) => groups.some((group) => wanted.includes(group));
  if (memberOf(administratorGroups)) return "administrator";
  return memberOf(auditorGroups) ? "auditor" : "user";
}
