import { MAIN_PROVIDER_ID, type ProviderConfig } from "./provider-entry.ts";
import { storedProviders } from "./stored-providers.ts";

type WithIssuer = Pick<ProviderConfig, "id" | "issuer">;

/** What of the configuration says whose people and groups count. */
interface Providers {
  providers: readonly WithIssuer[];
  demo: boolean;
}

/** What people and groups of the demo's provider are kept under: it has another port at each start, and is one all the same. */
const DEMO = "demo";

/** What people who are known here alone are kept under: those who sign in with the provider of kind `local`. No provider's issuer is so short. */
export const LOCAL_ISSUER = "local";

/** With and without a trailing slash it is the same one, as administrators write it. */
export const issuerName = (issuer: string) => issuer.replace(/\/$/, "");

/** What the people and groups of a provider are kept under: its issuer. */
export function issuerOf({ id, issuer }: WithIssuer, { demo }: Pick<Providers, "demo">): string {
  return demo && id === MAIN_PROVIDER_ID ? DEMO : issuerName(issuer);
}

/** The issuers of the identity providers that the configuration names, in their order. */
export function configuredIssuers({ providers, demo }: Providers): string[] {
  return demo ? [DEMO] : providers.map(({ issuer }) => issuerName(issuer));
}

/** Of these, and of those that administrators keep in the console. */
function providerIssuers(config: Providers): string[] {
  return [...configuredIssuers(config), ...storedProviders().map(({ issuer }) => issuerName(issuer))];
}

/** The issuers whose people and groups count: of every provider that there is, and people who are known here alone. */
export function issuersInEffect(config: Providers): string[] {
  return [...providerIssuers(config), LOCAL_ISSUER];
}

/** The issuer that somebody or something is taken to be of where none is named: of the first provider that there is. */
export function firstIssuer(config: Providers): string {
  const [first = LOCAL_ISSUER] = providerIssuers(config);
  return first;
}

/** What the people of the provider with this id are kept under; null where there is none of that id. */
export function issuerOfProvider(id: string, { providers, demo }: Providers): string | null {
  const provider = [...providers, ...storedProviders()].find((each) => each.id === id);
  return provider === undefined ? null : issuerOf(provider, { demo });
}
