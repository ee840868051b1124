import type { ProviderKind } from "../../../../lib/identity/provider-store/schema.ts";

/** What the kinds of providers are called. */
export const KINDS: Readonly<Record<ProviderKind, string>> = { oidc: "OpenID Connect", saml: "SAML 2.0" };
