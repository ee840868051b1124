import { issuerOf } from "../../config/issuer.ts";
import { storedProviders } from "../../config/stored-providers.ts";
import { config, type ProviderConfig } from "../../config.ts";
import { AppError } from "../../errors.ts";
import { localProvider } from "./local/provider.ts";
import { oidcProvider } from "./oidc/provider.ts";
import type { IdentityProvider } from "./provider/identity-provider.ts";
import { samlProvider } from "./saml/provider.ts";

/** How a provider is made of its configuration. A new kind is a line here, and its folder. */
function createProvider(settings: ProviderConfig, issuer: string): IdentityProvider {
  switch (settings.kind) {
    case "oidc":
      return oidcProvider(settings, issuer);
    case "saml":
      return samlProvider(settings, issuer);
  }
}

/**
 * The ways to sign in now, in the order of the sign-in page: those of the configuration, those that administrators keep in the console (lib/identity/provider-store),
 * and last this installation itself (`flow: "local"`). Ask for each request:
 * they may change while this runs.
 *
 * The sign-in page renders a button for each whose `flow` leads elsewhere; for the local one it renders the form that
 * `app/signin/local/` has, where somebody can sign in by it (lib/identity/local says). Whoever has proved who they are without next-auth is
 * signed in by `beginSession({ ctx, input: { userId, provider, replaces } })` of lib/identity/sign-in/begin-session.ts, which stores the
 * session with its event and gives the `Set-Cookie` line to answer with.
 */
export function listProviders(): IdentityProvider[] {
  const { providers, demo } = config();
  const remote = [...providers, ...storedProviders()];
  return [
    ...remote.map((settings) => createProvider(settings, issuerOf(settings, { demo }))),
    localProvider(),
  ];
}

/** The provider with this id; null where there is none (any more). */
export function findProvider(id: string): IdentityProvider | null {
  return listProviders().find((provider) => provider.id === id) ?? null;
}

/** The provider whose people are kept under this issuer; null where there is none (any more). */
export function providerOf(issuer: string | null): IdentityProvider | null {
  return listProviders().find((provider) => provider.issuer === issuer) ?? null;
}

/**
 * The identity provider with this id; this installation itself is none.
 * @throws AppError `invalid_argument` of the field `provider`.
 */
export function requireIdentityProvider(id: string): IdentityProvider {
  const known = listProviders().filter(({ flow }) => flow !== "local");
  const provider = known.find((each) => each.id === id);
  if (provider) return provider;
  const takes = `the id of an identity provider: ${known.map((each) => each.id).join(", ")}`;
  throw new AppError("invalid_argument", `provider: got ${JSON.stringify(id)}; takes ${takes}`, {
    details: [{ field: "provider", got: id, takes }],
  });
}
