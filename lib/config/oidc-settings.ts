import { optional, setting } from "./setting.ts";
import * as value from "./values.ts";

/** The settings of an OpenID Connect provider: `oidc.*`, and of each entry of `providers` (provider-list.ts) what stands after the dot. */
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
  groupsClaim: setting({
    yaml: "oidc.groupsClaim",
    env: "OIDC_GROUPS_CLAIM",
    kind: value.text("the name of a claim"),
    default: "groups",
    meaning: "Claim of the ID token, or of userinfo, that lists a person's groups.",
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
};
