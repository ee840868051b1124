import { oidcSettings } from "./oidc-settings.ts";
import type { FieldValues, ProviderField } from "./provider-field.ts";
import { samlFields } from "./saml-fields.ts";

/** An OpenID Connect provider as it is configured. */
export interface OidcProviderConfig
  extends Omit<FieldValues<typeof oidcSettings>, "issuer" | "clientId" | "clientSecret"> {
  /** In the address of its callback, in events, in the API. */
  id: string;
  kind: "oidc";
  issuer: string;
  clientId: string;
  clientSecret: string;
}

/** A SAML 2.0 identity provider as it is configured. `issuer`: its entity ID. */
export interface SamlProviderConfig extends Omit<FieldValues<typeof samlFields>, "issuer"> {
  id: string;
  kind: "saml";
  issuer: string;
}

/** A way to sign in as it is configured: a member of this union for each kind. */
export type ProviderConfig = OidcProviderConfig | SamlProviderConfig;

/** The provider that the settings `oidc.*` mean. */
export const MAIN_PROVIDER_ID = "oidc";

const ID = /^[a-z][a-z0-9-]{0,31}$/;
const RESERVED = [MAIN_PROVIDER_ID, "local"];
const ID_TAKES = `1 to 32 of a-z, 0-9 and -, a letter first; not ${MAIN_PROVIDER_ID}, which the settings oidc.* mean, nor local, which is this installation itself`;

interface Kind {
  fields: Record<string, ProviderField<unknown>>;
  needed: readonly string[];
}

const KINDS: Record<ProviderConfig["kind"], Kind> = {
  oidc: {
    fields: oidcSettings as unknown as Kind["fields"],
    needed: ["issuer", "clientId", "clientSecret"],
  },
  saml: { fields: samlFields as unknown as Kind["fields"], needed: ["issuer"] },
};

/** One wrong field of an entry. */
export interface WrongField {
  field: string;
  got: unknown;
  takes: string;
  /** What it got must not be shown. */
  secret?: boolean;
}

export interface ProviderEntry {
  /** As far as it could be read: it counts only where nothing is wrong. */
  provider: ProviderConfig;
  unknown: string[];
  wrong: WrongField[];
  /** The fields that such an entry takes. */
  known: string[];
}

/** Reads one provider, as `providers` in the configuration and the console's own page have it: every field that is wrong, at once. */
export function readProviderEntry(entry: Record<string, unknown>): ProviderEntry {
  const kind = entry.kind === "saml" ? "saml" : "oidc";
  const { fields, needed } = KINDS[kind];
  const known = ["id", "kind", ...Object.keys(fields)];
  const wrong: WrongField[] = [];
  const id =
    typeof entry.id === "string" && ID.test(entry.id) && !RESERVED.includes(entry.id) ? entry.id : "";
  if (id === "") wrong.push({ field: "id", got: entry.id, takes: ID_TAKES });
  if (entry.kind !== kind)
    wrong.push({ field: "kind", got: entry.kind, takes: Object.keys(KINDS).join(" or ") });
  const values = Object.entries(fields).map(([field, { kind: takes, default: otherwise, secret }]) => {
    const got = entry[field];
    if ((got === undefined || got === null) && !needed.includes(field)) return [field, otherwise];
    const parsed = takes.schema.safeParse(got);
    if (parsed.success) return [field, parsed.data];
    wrong.push({ field, got, takes: takes.takes, secret });
    return [field, otherwise];
  });
  // Where no name is given it is the id: two buttons must not say the same.
  const name = typeof entry.name === "string" ? {} : { name: id };
  const provider = { ...Object.fromEntries(values), ...name, id, kind } as ProviderConfig;
  if (
    provider.kind === "saml" &&
    !provider.metadata &&
    !provider.metadataUrl &&
    !isWrong(wrong, "metadata")
  ) {
    const takes = "an https address, or metadata in its place";
    wrong.push({ field: "metadataUrl", got: entry.metadataUrl, takes });
  }
  const unknown = Object.keys(entry).filter((key) => !known.includes(key));
  return { provider, unknown, wrong, known };
}

/** What an OpenID Connect provider has where nothing is set but what is needed. */
export function oidcProviderConfig(
  settings: Pick<OidcProviderConfig, "id" | "issuer" | "clientId" | "clientSecret"> &
    Partial<OidcProviderConfig>,
): OidcProviderConfig {
  const defaults = Object.entries(oidcSettings).map(([field, { default: otherwise }]) => [field, otherwise]);
  return { ...Object.fromEntries(defaults), kind: "oidc", ...settings } as OidcProviderConfig;
}

const isWrong = (wrong: readonly WrongField[], prefix: string) =>
  wrong.some(({ field }) => field.startsWith(prefix));
