import { parse } from "yaml";
import { z } from "zod";
import { oidcSettings } from "./oidc-settings.ts";
import type { Setting, ValuesOf } from "./setting.ts";
import { showValue } from "./show-value.ts";
import { suggestName } from "./suggest-name.ts";
import type { ValueKind } from "./values.ts";

/** An OpenID Connect provider as it is configured. */
export interface OidcProviderConfig extends Omit<ValuesOf<typeof oidcSettings>, Needed> {
  /** In the address of its callback, in events, in the API. */
  id: string;
  kind: "oidc";
  issuer: string;
  clientId: string;
  clientSecret: string;
}

/** A way to sign in as it is configured: a member of this union for each kind. */
export type ProviderConfig = OidcProviderConfig;

type Needed = "issuer" | "clientId" | "clientSecret";

/** The provider that the settings `oidc.*` mean. */
export const MAIN_PROVIDER_ID = "oidc";

const ID = /^[a-z][a-z0-9-]{0,31}$/;
const RESERVED = [MAIN_PROVIDER_ID, "local"];
const ID_TAKES = `1 to 32 of a-z, 0-9 and -, a letter first; not ${MAIN_PROVIDER_ID}, which the settings oidc.* mean, nor local, which is this installation itself`;
const KINDS = ["oidc"];
const NEEDED: ReadonlySet<string> = new Set<Needed>(["issuer", "clientId", "clientSecret"]);
const FIELDS = Object.entries(oidcSettings) as [keyof typeof oidcSettings, Setting<unknown>][];
const KNOWN = ["id", "kind", ...FIELDS.map(([field]) => field)];
const MOST_PROVIDERS = 50;

interface Reading {
  providers: ProviderConfig[];
  problems: string[];
}

/** `providers`: a list in config.yaml, or its text in the environment. */
export const providerList: ValueKind<ProviderConfig[]> = {
  takes: "a list of providers, each with an id, kind: oidc, issuer, clientId and clientSecret",
  schema: z.unknown().transform((got, context) => {
    const { providers, problems } = readList(got, "");
    for (const message of problems) context.addIssue({ code: "custom", message });
    return providers;
  }),
  explain: (got, origin) => readList(got, origin).problems,
};

function readList(got: unknown, origin: string): Reading {
  const list = typeof got === "string" ? parseText(got) : got;
  if (!Array.isArray(list) || list.length > MOST_PROVIDERS || !list.every(isGroup)) {
    const problem = `providers (KUBEWITNESS_PROVIDERS) got a value that is not shown from ${origin}: takes ${providerList.takes}, at most ${MOST_PROVIDERS}`;
    return { providers: [], problems: [problem] };
  }
  const problems: string[] = [];
  const providers = list.map((entry, index) =>
    readEntry(entry, { name: `providers[${index}]`, origin, problems }),
  );
  return { providers, problems };
}

interface Place {
  name: string;
  origin: string;
  problems: string[];
}

function readEntry(entry: Record<string, unknown>, place: Place): ProviderConfig {
  const { name: at, origin, problems } = place;
  for (const key of Object.keys(entry).filter((each) => !KNOWN.includes(each))) {
    problems.push(`${at}.${key} in ${origin} is not a setting${suggestName(key, KNOWN)}`);
  }
  const id = readId(entry.id, place);
  if (!KINDS.includes(String(entry.kind)))
    problems.push(wrong(place, "kind", { got: entry.kind, takes: KINDS.join(" or ") }));
  const values = FIELDS.map(([field, setting]) => [
    field,
    readField(entry[field], { field, setting, place }),
  ]);
  // Where no name is given it is the id: two buttons must not say the same.
  const name = typeof entry.name === "string" ? {} : { name: id };
  return { ...Object.fromEntries(values), ...name, id, kind: "oidc" } as ProviderConfig;
}

function readId(got: unknown, place: Place): string {
  const id = typeof got === "string" && ID.test(got) && !RESERVED.includes(got) ? got : null;
  if (id === null) place.problems.push(wrong(place, "id", { got, takes: ID_TAKES }));
  return id ?? "";
}

function readField(
  got: unknown,
  { field, setting, place }: { field: string; setting: Setting<unknown>; place: Place },
): unknown {
  const { kind, secret } = setting;
  if ((got === undefined || got === null) && !NEEDED.has(field)) return setting.default;
  const parsed = kind.schema.safeParse(got);
  if (parsed.success) return parsed.data;
  place.problems.push(wrong(place, field, { got, takes: kind.takes, secret }));
  return setting.default;
}

function wrong(
  { name, origin }: Place,
  field: string,
  { got, takes, secret }: { got: unknown; takes: string; secret?: boolean },
): string {
  if (got === undefined || got === null) return `${name}.${field} is not set in ${origin}: takes ${takes}`;
  return `${name}.${field} got ${showValue({ secret }, got)} from ${origin}: takes ${takes}`;
}

function parseText(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

const isGroup = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
