import type {
  ProviderKind,
  ProviderSettings,
  ProviderView,
} from "../../../../lib/identity/provider-store/schema.ts";

/** What is entered in the form; lists and names by id are text. */
export interface Draft {
  id: string;
  kind: ProviderKind;
  name: string;
  issuer: string;
  formerIssuer: string;
  clientId: string;
  clientSecret: string;
  scopes: string;
  nameClaim: string;
  emailClaim: string;
  groupsClaim: string;
  metadataUrl: string;
  metadata: string;
  nameAttribute: string;
  emailAttribute: string;
  groupsAttribute: string;
  emailVerified: boolean;
  groupNames: string;
  administratorGroups: string;
  auditorGroups: string;
  allowedDomains: string;
  linkVerifiedEmail: boolean;
  signOutAtProvider: boolean;
}

/** The form of a provider that there is, or of a new one. */
export function draftOf(provider: ProviderView | null): Draft {
  const settings: ProviderSettings = provider?.settings ?? {};
  const list = (values: readonly string[] | undefined) => (values ?? []).join(", ");
  const names = Object.entries(settings.groupNames ?? {}).map(([id, name]) => `${id} = ${name}`);
  return {
    id: provider?.id ?? "",
    kind: provider?.kind ?? "oidc",
    name: settings.name ?? "",
    issuer: settings.issuer ?? "",
    formerIssuer: settings.formerIssuer ?? "",
    clientId: settings.clientId ?? "",
    clientSecret: "",
    scopes: settings.scopes ?? "",
    nameClaim: settings.nameClaim ?? "name",
    emailClaim: settings.emailClaim ?? "email",
    groupsClaim: settings.groupsClaim ?? "groups",
    metadataUrl: settings.metadataUrl ?? "",
    metadata: settings.metadata ?? "",
    nameAttribute: settings.nameAttribute ?? "",
    emailAttribute: settings.emailAttribute ?? "",
    groupsAttribute: settings.groupsAttribute ?? "groups",
    emailVerified: settings.emailVerified ?? false,
    groupNames: names.join("\n"),
    administratorGroups: list(settings.administratorGroups),
    auditorGroups: list(settings.auditorGroups),
    allowedDomains: list(settings.allowedDomains),
    linkVerifiedEmail: settings.linkVerifiedEmail ?? false,
    signOutAtProvider: settings.signOutAtProvider ?? true,
  };
}

/** The fields that a provider of the draft's kind takes, as the API does. */
export function settingsOf(draft: Draft): Record<string, unknown> {
  const { kind } = draft;
  const common = {
    name: draft.name.trim() || undefined,
    issuer: draft.issuer.trim(),
    formerIssuer: orNull(draft.formerIssuer),
    groupNames: readNames(draft.groupNames),
    administratorGroups: readList(draft.administratorGroups),
    auditorGroups: readList(draft.auditorGroups),
    allowedDomains: readList(draft.allowedDomains),
    linkVerifiedEmail: draft.linkVerifiedEmail,
  };
  if (kind === "oidc") {
    return {
      ...common,
      clientId: draft.clientId.trim(),
      clientSecret: draft.clientSecret || undefined,
      scopes: orNull(draft.scopes),
      nameClaim: draft.nameClaim.trim(),
      emailClaim: draft.emailClaim.trim(),
      groupsClaim: draft.groupsClaim.trim(),
      signOutAtProvider: draft.signOutAtProvider,
    };
  }
  return {
    ...common,
    metadataUrl: orNull(draft.metadataUrl),
    metadata: orNull(draft.metadata),
    nameAttribute: orNull(draft.nameAttribute),
    emailAttribute: orNull(draft.emailAttribute),
    groupsAttribute: draft.groupsAttribute.trim(),
    emailVerified: draft.emailVerified,
  };
}

const orNull = (text: string) => text.trim() || null;

const readList = (text: string) =>
  text
    .split(",")
    .map((part) => part.trim())
    .filter(Boolean);

/** One a line: the id, an equals sign, the name. */
function readNames(text: string): Record<string, string> {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return Object.fromEntries(
    lines.map((line) => {
      const at = line.indexOf("=");
      return at < 0 ? [line.trim(), ""] : [line.slice(0, at).trim(), line.slice(at + 1).trim()];
    }),
  );
}
