import type { ProviderConfig } from "./provider-entry.ts";

/** What of the configuration says whose people and groups count. */
interface Providers {
  providers: readonly Pick<ProviderConfig, "issuer">[];
  demo: boolean;
}

/** What people and groups of the demo's provider are kept under: it has another port at each start, and is one all the same. */
const DEMO = "demo";

/** What people who are known here alone are kept under: those who sign in with the provider of kind `local`. No provider's issuer is so short. */
export const LOCAL_ISSUER = "local";

/** With and without a trailing slash it is the same one, as administrators write it. */
export const issuerName = (issuer: string) => issuer.replace(/\/$/, "");

/** What the people and groups of a provider are kept under: its issuer. */
export function issuerOf(
  { issuer }: Pick<ProviderConfig, "issuer">,
  { demo }: Pick<Providers, "demo">,
): string {
  return demo ? DEMO : issuerName(issuer);
}

/** The issuers of the identity providers that are configured, in their order. */
export function providerIssuers({ providers, demo }: Providers): string[] {
  return demo ? [DEMO] : providers.map(({ issuer }) => issuerName(issuer));
}

/** The issuers whose people and groups count: of every provider that is configured, and people who are known here alone. */
export function issuersInEffect(config: Providers): string[] {
  return [...providerIssuers(config), LOCAL_ISSUER];
}

/** The issuer that somebody or something is taken to be of where none is named: of the provider that is configured first. */
export function firstIssuer(config: Providers): string {
  const [first = LOCAL_ISSUER] = providerIssuers(config);
  return first;
}
