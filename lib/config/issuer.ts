import type { ProviderConfig } from "./provider-list.ts";

/** What of the configuration says whose people and groups count. */
interface Providers {
  providers: readonly Pick<ProviderConfig, "issuer">[];
  demo: boolean;
}

/** What people and groups of the demo's provider are kept under: it has another port at each start, and is one all the same. */
const DEMO = "demo";

/** With and without a trailing slash it is the same one, as administrators write it. */
export const issuerName = (issuer: string) => issuer.replace(/\/$/, "");

/** What the people and groups of a provider are kept under: its issuer. */
export function issuerOf(
  { issuer }: Pick<ProviderConfig, "issuer">,
  { demo }: Pick<Providers, "demo">,
): string {
  return demo ? DEMO : issuerName(issuer);
}

/** The issuers whose people and groups count: of every provider that is configured. */
export function issuersInEffect({ providers, demo }: Providers): string[] {
  return demo ? [DEMO] : providers.map(({ issuer }) => issuerName(issuer));
}

/** The issuer that somebody or something is taken to be of where none is named: of the provider that is configured first. */
export function firstIssuer(config: Providers): string {
  const [first] = issuersInEffect(config);
  if (first === undefined) throw new Error("no identity provider is configured");
  return first;
}
