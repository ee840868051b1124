import { oidcSettings } from "./oidc-settings.ts";
import type { ProviderField } from "./provider-field.ts";
import * as value from "./values.ts";

const attribute: ProviderField<string | null> = optional(value.shortText("the name of an attribute", 300));

/** What an entry of `providers` with `kind: saml` takes (SAML 2.0). */
export const samlFields = {
  name: oidcSettings.name,
  /** The entity ID of the identity provider, as its metadata and its assertions have it. */
  issuer: { kind: value.entityId, default: null },
  formerIssuer: optional(value.shortText("the issuer of the provider that this one replaces", 1_024)),
  /** One of the two is needed. */
  metadataUrl: optional(value.webAddress),
  metadata: optional(value.shortText("the metadata of the identity provider, as XML", 500_000)),
  /** null: the attributes that providers usually have for it, then a NameID that is an address. */
  emailAttribute: attribute,
  nameAttribute: attribute,
  groupsAttribute: { kind: attribute.kind as ProviderField<string>["kind"], default: "groups" },
  /** Whether people cannot choose the address that the provider says: an assertion has no word for that. */
  emailVerified: { kind: value.yesOrNo, default: false },
  groupNames: oidcSettings.groupNames,
  administratorGroups: oidcSettings.administratorGroups,
  auditorGroups: oidcSettings.auditorGroups,
  allowedDomains: oidcSettings.allowedDomains,
  linkVerifiedEmail: oidcSettings.linkVerifiedEmail,
};

function optional(kind: value.ValueKind<string>): ProviderField<string | null> {
  return { kind: kind as value.ValueKind<string | null>, default: null };
}
