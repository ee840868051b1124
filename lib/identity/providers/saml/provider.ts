import { randomBytes } from "node:crypto";
import { issuerName } from "../../../config/issuer.ts";
import { nameProviderSetting } from "../../../config/providers.ts";
import type { SamlProviderConfig } from "../../../config.ts";
import { consoleRoleOf } from "../provider/console-role-of.ts";
import { ProviderUnreachable, type SamlProvider } from "../provider/identity-provider.ts";
import { readSamlIdentity } from "./identity.ts";
import { loadMetadata } from "./metadata.ts";
import { createSaml, readResponse } from "./response.ts";
import { serviceProviderMetadata } from "./service-provider.ts";

/** A SAML 2.0 identity provider. `issuer`: what its people are kept under. */
export function samlProvider(settings: SamlProviderConfig, issuer: string): SamlProvider {
  const { id, kind, name, formerIssuer, allowedDomains, linkVerifiedEmail, groupNames } = settings;
  const metadataOrUnreachable = () =>
    loadMetadata(settings).catch((cause: unknown) => {
      throw new ProviderUnreachable(id, cause);
    });
  return {
    id,
    kind,
    flow: "saml",
    name,
    issuer,
    formerIssuer: formerIssuer === null ? null : issuerName(formerIssuer),
    allowedDomains,
    linkVerifiedEmail,
    groupNames,
    nameSetting: (field) => nameProviderSetting(settings, field),
    consoleRoleOf: (groups) => consoleRoleOf(settings, groups),
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
