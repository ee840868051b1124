import { isDeepStrictEqual } from "node:util";
import { issuerName } from "./issuer.ts";
import { MAIN_PROVIDER_ID, type OidcProviderConfig, type ProviderConfig } from "./provider-entry.ts";
import { nameSetting } from "./read-settings.ts";
import { type SettingValues, settings } from "./settings.ts";

const NEEDED = ["issuer", "clientId", "clientSecret"] as const;

/** Every way to sign in that is configured: what `oidc.*` mean first, then `providers`. */
export function configuredProviders({ oidc, providers }: SettingValues): ProviderConfig[] {
  const main = completeMain(oidc);
  return main === null ? providers : [main, ...providers];
}

function completeMain(oidc: SettingValues["oidc"]): OidcProviderConfig | null {
  const { issuer, clientId, clientSecret, ...rest } = oidc;
  if (!issuer || !clientId || !clientSecret) return null;
  return { ...rest, id: MAIN_PROVIDER_ID, kind: "oidc", issuer, clientId, clientSecret };
}

/** One line for each setting of `oidc.*` that is needed and not there: all of them where there is no other provider. */
export function missingOidc({ oidc, providers, local }: SettingValues): string[] {
  const isSet = Object.entries(settings.oidc).some(
    ([name, setting]) => !isDeepStrictEqual(Reflect.get(oidc, name), setting.default),
  );
  if (!isSet && (providers.length > 0 || local.firstVisit)) return [];
  const missing = NEEDED.filter((name) => oidc[name] === null).map((name) => settings.oidc[name]);
  return missing.map((setting) => `${nameSetting(setting)} is not set: takes ${setting.kind.takes}`);
}

/** One line for each provider that cannot be told from another, by its id, its button or its people. */
export function refuseAlikeProviders(values: SettingValues): string[] {
  const all = configuredProviders(values);
  return all.flatMap((provider, index) =>
    alikeFields(provider, { before: all.slice(0, index), after: all.slice(index + 1) }).map(
      (field) =>
        `${nameProviderSetting(provider, field)} got ${JSON.stringify(provider[field])}: takes one that no other provider has`,
    ),
  );
}

/** The fields that tell a provider from none of `others`. */
export const fieldsOfOthers = (provider: ProviderConfig, others: readonly ProviderConfig[]) =>
  alikeFields(provider, { before: others, after: [] });

/** Of two that are alike the later one is wrong; to replace one that is configured is wrong wherever that stands. */
function alikeFields(
  { id, name, issuer, formerIssuer }: ProviderConfig,
  { before, after }: { before: readonly ProviderConfig[]; after: readonly ProviderConfig[] },
) {
  const isFormer = (other: string | null) => formerIssuer !== null && isSameIssuer(other, formerIssuer);
  const alike = {
    id: before.some((other) => other.id === id),
    name: before.some((other) => other.name === name),
    issuer: before.some((other) => isSameIssuer(other.issuer, issuer)),
    formerIssuer:
      [...before, ...after].some((other) => isFormer(other.issuer)) ||
      before.some((other) => isFormer(other.formerIssuer)),
  };
  return (Object.keys(alike) as (keyof typeof alike)[]).filter((field) => alike[field]);
}

const isSameIssuer = (some: string | null, other: string) =>
  some !== null && issuerName(some) === issuerName(other);

/** A provider's setting as messages name it. */
export function nameProviderSetting({ id }: Pick<ProviderConfig, "id">, field: string): string {
  return id === MAIN_PROVIDER_ID ? `oidc.${field}` : `${field} of the provider ${id} (providers)`;
}
