import { z } from "zod";

export const ApplicationView = z.object({
  id: z.uuid(),
  name: z.string(),
  consoleRole: z.enum(["administrator", "auditor"]),
  enabled: z.boolean(),
  createdAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime().nullable(),
  /** Where the secret was made with a token: when that ends, at the latest. */
  secretExpiresAt: z.iso.datetime().nullable(),
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
});
export type CreateApplicationInput = z.input<typeof CreateApplicationInput>;

export const SetApplicationEnabledInput = z.strictObject({ enabled: z.boolean("takes true or false") });

/** An application and its secret, which is shown once: only its hash is kept. */
export const ApplicationWithSecret = ApplicationView.extend({ secret: z.string() });
export type ApplicationWithSecret = z.infer<typeof ApplicationWithSecret>;

const credential = z.string().min(1, "takes a text").max(200, "takes at most 200 characters");

/** The body of POST /api/v1/token: either form, as PRODUCT's two sources write it. */
export const TokenGrant = z.discriminatedUnion(
  "grantType",
  [
    z.strictObject({ grantType: z.literal("app_token"), AppId: credential, AppSecret: credential }),
    z.strictObject({
      grantType: z.literal("client_credentials"),
      clientId: credential,
      clientSecret: credential,
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
});
export type ApplicationToken = z.infer<typeof ApplicationToken>;
