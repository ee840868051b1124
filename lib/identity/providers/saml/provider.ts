import { randomBytes } from "node:crypto";
import type { SamlProviderConfig } from "../../../config.ts";
import { configuredProvider } from "../provider/configured-provider.ts";
import { ProviderUnreachable, type SamlProvider } from "../provider/identity-provider.ts";
import { readSamlIdentity } from "./identity.ts";
import { loadMetadata } from "./metadata.ts";
import { createSaml, readResponse } from "./response.ts";
import { serviceProviderMetadata } from "./service-provider.ts";

/** A SAML 2.0 identity provider. `issuer`: what its people are kept under. */
export function samlProvider(settings: SamlProviderConfig, issuer: string): SamlProvider {
  const { id } = settings;
  const metadataOrUnreachable = () =>
    loadMetadata(settings).catch((cause: unknown) => {
      throw new ProviderUnreachable(id, cause);
    });
  return {
    ...configuredProvider(settings, issuer),
    flow: "saml",
    ownMetadata: () => serviceProviderMetadata(id),
    requestSignIn: async (relayState) => {
      const request = { id: `_${randomBytes(16).toString("hex")}`, beganAt: new Date() };
      const saml = createSaml(settings, { metadata: await metadataOrUnreachable(), request });
      return { request, location: await saml.getAuthorizeUrlAsync(relayState, undefined, {}) };
    },
    identify: async ({ encoded, request }) => {
      const metadata = await metadataOrUnreachable();
      const profile = await readResponse(settings, { encoded, metadata, request });
      return readSamlIdentity(profile, { settings, issuer });
    },
  };
}
