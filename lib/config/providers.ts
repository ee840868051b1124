import { isDeepStrictEqual } from "node:util";
import { issuerName } from "./issuer.ts";
import type { OidcProviderConfig, ProviderConfig } from "./provider-list.ts";
import { MAIN_PROVIDER_ID } from "./provider-list.ts";
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
export function missingOidc({ oidc, providers }: SettingValues): string[] {
  const isSet = Object.entries(settings.oidc).some(
    ([name, setting]) => !isDeepStrictEqual(Reflect.get(oidc, name), setting.default),
  );
  if (!isSet && providers.length > 0) return [];
  const missing = NEEDED.filter((name) => oidc[name] === null).map((name) => settings.oidc[name]);
  return missing.map((setting) => `${nameSetting(setting)} is not set: takes ${setting.kind.takes}`);
}

/** One line for each provider that cannot be told from another, by its id, its button or its people. */
export function refuseAlikeProviders(values: SettingValues): string[] {
  const all = configuredProviders(values);
  return all.flatMap((provider, index) => {
    const before = all.slice(0, index);
    const others = all.filter((other) => other !== provider);
    const alike = (field: string, got: string, of: boolean) =>
      of
        ? [
            `${nameProviderSetting(provider, field)} got ${JSON.stringify(got)}: takes one that no other provider has`,
          ]
        : [];
    const issuerOf = ({ issuer }: ProviderConfig) => issuerName(issuer);
    const former = provider.formerIssuer;
    return [
      ...alike(
        "id",
        provider.id,
        before.some(({ id }) => id === provider.id),
      ),
      ...alike(
        "name",
        provider.name,
        before.some(({ name }) => name === provider.name),
      ),
      ...alike(
        "issuer",
        provider.issuer,
        before.some((other) => issuerOf(other) === issuerOf(provider)),
      ),
      ...alike(
        "formerIssuer",
        former ?? "",
        former !== null &&
          (others.some((other) => issuerOf(other) === issuerName(former)) ||
            before.some(
              (other) => other.formerIssuer !== null && issuerName(other.formerIssuer) === issuerName(former),
            )),
      ),
    ];
  });
}

/** A provider's setting as messages name it. */
export function nameProviderSetting({ id }: Pick<ProviderConfig, "id">, field: string): string {
  return id === MAIN_PROVIDER_ID ? `oidc.${field}` : `${field} of the provider ${id} (providers)`;
}
