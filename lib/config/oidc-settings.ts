import { optional, setting } from "./setting.ts";
import * as value from "./values.ts";

/** The settings of an OpenID Connect provider: `oidc.*`, and of each entry of `providers` (provider-entry.ts) what stands after the dot. */
export const oidcSettings = {
  name: setting({
    yaml: "oidc.name",
    env: "OIDC_NAME",
    kind: value.shortText(
      "what the button of the sign-in page says after “Continue with”, at most 60 characters",
      60,
    ),
    default: "single sign-on",
    meaning: "Name of the identity provider on the sign-in page.",
  }),
  issuer: optional({
    yaml: "oidc.issuer",
    env: "OIDC_ISSUER",
    kind: value.issuerAddress,
    meaning: "Identity provider that people sign in with (OpenID Connect).",
  }),
  formerIssuer: optional({
    yaml: "oidc.formerIssuer",
    env: "OIDC_FORMER_ISSUER",
    kind: value.issuerAddress,
    meaning:
      "Identity provider that `oidc.issuer` replaces: its people are known again by their e-mail address, its groups by their names. Set it only where nobody can choose their own address at the new one.",
  }),
  clientId: optional({
    yaml: "oidc.clientId",
    env: "OIDC_CLIENT_ID",
    kind: value.text("the client id that the identity provider gave"),
    meaning: "Client id of this installation at the identity provider.",
  }),
  clientSecret: optional({
    yaml: "oidc.clientSecret",
    env: "OIDC_CLIENT_SECRET",
    kind: value.text("the client secret that the identity provider gave"),
    meaning: "Client secret of this installation at the identity provider.",
    secret: true,
  }),
  scopes: optional({
    yaml: "oidc.scopes",
    env: "OIDC_SCOPES",
    kind: value.text("scopes with spaces between them, openid among them"),
    defaultText: "`openid profile email`, and of `groups offline_access` what the provider lists",
    meaning: "Scopes asked for at sign-in.",
  }),
  nameClaim: setting({
    yaml: "oidc.nameClaim",
    env: "OIDC_NAME_CLAIM",
    kind: value.text("the name of a claim"),
    default: "name",
    meaning:
      "Claim with a person's name; where it is missing, `preferred_username`, then the address is their name.",
  }),
  emailClaim: setting({
    yaml: "oidc.emailClaim",
    env: "OIDC_EMAIL_CLAIM",
    kind: value.text("the name of a claim"),
    default: "email",
    meaning:
      "Claim with a person's e-mail address. Name another only where nobody can choose what it says: `preferred_username` of Entra ID is one that people cannot.",
  }),
  groupsClaim: setting({
    yaml: "oidc.groupsClaim",
    env: "OIDC_GROUPS_CLAIM",
    kind: value.text("the name of a claim"),
    default: "groups",
    meaning: "Claim of the ID token, or of userinfo, that lists a person's groups.",
  }),
  groupNames: setting({
    yaml: "oidc.groupNames",
    env: "OIDC_GROUP_NAMES",
    kind: value.namesById,
    default: {},
    defaultText: "none",
    meaning:
      "What groups are called in the console whose claim has ids in place of names (Entra ID). Grants and settings name them by the id all the same.",
  }),
  administratorGroups: setting({
    yaml: "oidc.administratorGroups",
    env: "OIDC_ADMINISTRATOR_GROUPS",
    kind: value.listOf(value.text("a group"), "a list of groups"),
    default: [],
    meaning: "Groups whose members manage this installation.",
  }),
  auditorGroups: setting({
    yaml: "oidc.auditorGroups",
    env: "OIDC_AUDITOR_GROUPS",
    kind: value.listOf(value.text("a group"), "a list of groups"),
    default: [],
    meaning: "Groups whose members read the whole record and change nothing.",
  }),
  allowedDomains: setting({
    yaml: "oidc.allowedDomains",
    env: "OIDC_ALLOWED_DOMAINS",
    kind: value.listOf(value.emailDomain, "a list of domains such as example.com"),
    default: [],
    defaultText: "every domain",
    meaning: "What addresses of people who sign in end with, after the @; a subdomain is another domain.",
  }),
  linkVerifiedEmail: setting({
    yaml: "oidc.linkVerifiedEmail",
    env: "OIDC_LINK_VERIFIED_EMAIL",
    kind: value.yesOrNo,
    default: false,
    meaning:
      "Whether somebody who signs in here for the first time is the person of another provider who has the same address, where both providers say that it is verified.",
  }),
  signOutAtProvider: setting({
    yaml: "oidc.signOutAtProvider",
    env: "OIDC_SIGN_OUT_AT_PROVIDER",
    kind: value.yesOrNo,
    default: true,
    meaning:
      "Whether signing out leads to the identity provider's own sign-out, where it has one. Register `<publicUrl>/api/auth/signed-out` there as the address to come back to.",
  }),
};
