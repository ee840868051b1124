import { z } from "zod";
import { nameText } from "../../names/schema.ts";

const words = (most: number) =>
  z.string(`takes text of at most ${most} characters`).max(most, `takes text of at most ${most} characters`);
const orNothing = (most: number) => words(most).nullable();
const list = z.array(words(200), "takes a list of texts").max(500, "takes at most 500");

/** What a provider is set to, whatever its kind: each kind takes some of these (docs/configuration.md). A secret is never among what is answered. */
const SETTINGS = {
  name: nameText(60),
  issuer: words(1_024).meta({ description: "Of OpenID Connect the issuer; of SAML the entity ID." }),
  formerIssuer: orNothing(1_024),
  clientId: words(1_000),
  scopes: orNothing(1_000),
  nameClaim: words(300),
  emailClaim: words(300),
  metadataUrl: orNothing(2_000),
  metadata: orNothing(500_000).meta({ description: "XML" }),
  emailAttribute: orNothing(300),
  nameAttribute: orNothing(300),
  groupsAttribute: words(300),
  emailVerified: z.boolean("takes true or false"),
  groupsClaim: words(300),
  groupNames: z.record(words(200), words(200)),
  administratorGroups: list,
  auditorGroups: list,
  allowedDomains: list,
  linkVerifiedEmail: z.boolean("takes true or false"),
  signOutAtProvider: z.boolean("takes true or false"),
};

export const ProviderSettings = z.object(SETTINGS).partial();
export type ProviderSettings = z.infer<typeof ProviderSettings>;

export const ProviderKind = z.enum(["oidc", "saml"], "takes oidc or saml");
export type ProviderKind = z.infer<typeof ProviderKind>;

/** An identity provider as administrators see it: never its secret. */
export const ProviderView = z.object({
  id: z.string(),
  kind: ProviderKind,
  name: z.string(),
  issuer: z.string(),
  enabled: z.boolean(),
  source: z.enum(["configuration", "console"]).meta({
    description: "Where it is set: what the file or the environment has is not changed here.",
  }),
  setting: z
    .string()
    .nullable()
    .meta({ description: "The setting that has it, where it is the configuration's." }),
  problem: z.string().nullable().meta({ description: "Why it does not count although it is enabled." }),
  settings: ProviderSettings,
  hasSecret: z.boolean(),
  addresses: z
    .object({
      callback: z.string(),
      metadata: z.string().nullable(),
      signedOut: z.string().nullable(),
      backChannelLogout: z.string().nullable(),
    })
    .meta({ description: "What the provider has to be told of this installation." }),
  people: z.int().meta({ description: "Who is kept as its people." }),
  createdAt: z.iso.datetime().nullable(),
  updatedAt: z.iso.datetime().nullable(),
});
export type ProviderView = z.infer<typeof ProviderView>;

const clientSecret = z.string("takes text of at most 1000 characters").min(1, "takes text").max(1_000);

export const CreateProviderInput = z.strictObject({
  id: z.string("takes an id").max(32, "takes at most 32 characters"),
  kind: ProviderKind,
  enabled: z.boolean("takes true or false").default(true),
  ...z.object(SETTINGS).partial().shape,
  clientSecret: clientSecret.optional(),
});
export type CreateProviderInput = z.input<typeof CreateProviderInput>;

/** What is left out stays as it is; a secret can only be replaced. */
export const UpdateProviderInput = z.strictObject({
  enabled: z.boolean("takes true or false").optional(),
  ...z.object(SETTINGS).partial().shape,
  clientSecret: clientSecret.optional(),
});
export type UpdateProviderInput = z.input<typeof UpdateProviderInput>;

/** What was found when a provider was asked. */
export const ProviderTest = z.object({
  ok: z.boolean(),
  checks: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string() })),
});
export type ProviderTest = z.infer<typeof ProviderTest>;

/** The path's `[id]`. */
export const ProviderIdParameter = z.strictObject({ id: z.string().min(1).max(40) });
