import { generateServiceProviderMetadata } from "@node-saml/node-saml";
import { config } from "../../../config.ts";

/** Where this installation is found by an identity provider: its entity ID, at which its metadata is, and where answers are posted to. */
export interface ServiceProviderAddresses {
  entityId: string;
  assertionConsumer: string;
}

export function serviceProviderAddresses(id: string): ServiceProviderAddresses {
  const { publicUrl } = config();
  return {
    entityId: `${publicUrl}/api/auth/metadata/${id}`,
    assertionConsumer: `${publicUrl}/api/auth/callback/${id}`,
  };
}

/** This installation's metadata for an identity provider (SAML 2.0 Metadata, section 2.4.4). */
export function serviceProviderMetadata(id: string): string {
  const { entityId, assertionConsumer } = serviceProviderAddresses(id);
  return generateServiceProviderMetadata({
    issuer: entityId,
    callbackUrl: assertionConsumer,
    wantAssertionsSigned: true,
    identifierFormat: null,
    // Of this one document, whose content is the same each time.
    generateUniqueId: () => `_${id}`,
  });
}
