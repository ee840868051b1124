import { issuerOf } from "../../config/issuer.ts";
import { config, type ProviderConfig } from "../../config.ts";
import { oidcProvider } from "./oidc/provider.ts";
import type { IdentityProvider } from "./provider/identity-provider.ts";

/** How a provider of each kind is made of its configuration. A new kind is a line here, and its folder. */
const KINDS: Record<ProviderConfig["kind"], (settings: ProviderConfig, issuer: string) => IdentityProvider> =
  {
    oidc: oidcProvider,
  };

/** The ways to sign in now, in the order of the sign-in page. Ask for each request: they may change while this runs. */
export function listProviders(): IdentityProvider[] {
  const { providers, demo } = config();
  return providers.map((settings) => KINDS[settings.kind](settings, issuerOf(settings, { demo })));
}

/** The provider with this id; null where there is none (any more). */
export function findProvider(id: string): IdentityProvider | null {
  return listProviders().find((provider) => provider.id === id) ?? null;
}

/** The provider whose people are kept under this issuer; null where there is none (any more). */
export function providerOf(issuer: string | null): IdentityProvider | null {
  return listProviders().find((provider) => provider.issuer === issuer) ?? null;
}
