import { z } from "zod";
import { ScopeList } from "../../access/key-scopes/schema.ts";
import { NetworkList } from "../tokens/schema.ts";

export const ApplicationView = z.object({
  id: z.uuid(),
  name: z.string(),
  consoleRole: z.enum(["administrator", "auditor"]),
  enabled: z.boolean(),
  createdAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime().nullable(),
  /** The address that it got a token from last. */
  lastUsedFrom: z.string().nullable(),
  /** What its tokens may be used for; null: for all that its console role permits, and its grants. */
  scopes: z.array(z.string()).nullable(),
  /** The addresses and ranges that it may come from; empty: from everywhere. */
  networks: z.array(z.string()),
  /** When it was made, where that is known. */
  secretCreatedAt: z.iso.datetime().nullable(),
  /** Where the secret was made with a token: when that ends, at the latest. */
  secretExpiresAt: z.iso.datetime().nullable(),
  /** While the secret before counts beside the present one: until when. */
  previousSecretEndsAt: z.iso.datetime().nullable(),
});
export type ApplicationView = z.infer<typeof ApplicationView>;

export const CreateApplicationInput = z.strictObject({
  name: z
    .string()
    .regex(
      /^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$/,
      "takes 1 to 63 of a-z 0-9 . _ - with a letter or digit at the ends",
    ),
  consoleRole: z.enum(["administrator", "auditor"], "takes administrator or auditor").default("auditor"),
  /** Left out: as of the key that asks, else all that its console role permits. */
  scopes: ScopeList.optional(),
  /** Left out: as of the key that asks, else from everywhere. */
  networks: NetworkList.optional(),
});
export type CreateApplicationInput = z.input<typeof CreateApplicationInput>;

export const SetApplicationEnabledInput = z.strictObject({ enabled: z.boolean("takes true or false") });

/** What is left out stays. */
export const BoundApplicationInput = z.strictObject({
  scopes: ScopeList.optional(),
  networks: NetworkList.optional(),
});
export type BoundApplicationInput = z.infer<typeof BoundApplicationInput>;

export const UpdateApplicationInput = z.union(
  [SetApplicationEnabledInput, BoundApplicationInput],
  "takes enabled, or scopes and networks",
);

const LONGEST_OVERLAP_MS = 30 * 86_400_000;

export const RotateSecretInput = z.strictObject({
  /** How long the secret before counts beside the new one, milliseconds; 0: it ends now, and what was bought with it. */
  keepOldForMs: z
    .int("takes a number of milliseconds")
    .min(0, "takes a number of milliseconds")
    .max(LONGEST_OVERLAP_MS, "takes at most 30 days, in milliseconds")
    .default(0),
});
export type RotateSecretInput = z.input<typeof RotateSecretInput>;

/** An application and its secret, which is shown once: only its hash is kept. */
export const ApplicationWithSecret = ApplicationView.extend({ secret: z.string() });
export type ApplicationWithSecret = z.infer<typeof ApplicationWithSecret>;

const credential = z.string().min(1, "takes a text").max(200, "takes at most 200 characters");

/** Scopes with spaces between them (RFC 6749, section 3.3); left out: all that the application has. */
const RequestedScope = z.string().max(2_000, "takes at most 2000 characters").optional();

/** The body of POST /api/v1/token: either form, as PRODUCT's two sources write it. */
export const TokenGrant = z.discriminatedUnion(
  "grantType",
  [
    z.strictObject({
      grantType: z.literal("app_token"),
      AppId: credential,
      AppSecret: credential,
      scope: RequestedScope,
    }),
    z.strictObject({
      grantType: z.literal("client_credentials"),
      clientId: credential,
      clientSecret: credential,
      scope: RequestedScope,
    }),
  ],
  "takes app_token (with AppId and AppSecret) or client_credentials (with clientId and clientSecret)",
);
export type TokenGrant = z.infer<typeof TokenGrant>;

export const ApplicationToken = z.object({
  accessToken: z.string(),
  tokenType: z.literal("Bearer"),
  /** Seconds. */
  expiresIn: z.int(),
  /** What it may be used for, with spaces between; left out: for all that the application may. */
  scope: z.string().optional(),
});
export type ApplicationToken = z.infer<typeof ApplicationToken>;
