import { issuerName } from "../../../config/issuer.ts";
import type { ProviderConfig } from "../../../config/provider-entry.ts";
import { nameProviderSetting } from "../../../config/providers.ts";
import type { ConsoleRole } from "../../../context.ts";
import type { ProviderOfAnyKind } from "./identity-provider.ts";

/** What a provider of any kind has of its settings. `issuer`: what its people are kept under. */
export function configuredProvider(settings: ProviderConfig, issuer: string): ProviderOfAnyKind {
  const { id, kind, name, formerIssuer, allowedDomains, linkVerifiedEmail, groupNames } = settings;
  return {
    id,
    kind,
    name,
    issuer,
    formerIssuer: formerIssuer === null ? null : issuerName(formerIssuer),
    allowedDomains,
    linkVerifiedEmail,
    groupNames,
    nameSetting: (field) => nameProviderSetting(settings, field),
    consoleRoleOf: (groups) => consoleRoleOf(settings, groups),
  };
}

/** What groups are in the console where a provider's settings name some for its roles: the highest of them. */
function consoleRoleOf(
  { administratorGroups, auditorGroups }: Pick<ProviderConfig, "administratorGroups" | "auditorGroups">,
  groups: readonly string[],
): ConsoleRole {
  const own = new Set(groups);
  if (administratorGroups.some((group) => own.has(group))) return "administrator";
  return auditorGroups.some((group) => own.has(group)) ? "auditor" : "user";
}
