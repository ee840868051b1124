import { z } from "zod";
import { nameText } from "../../names/schema.ts";

/** A bearer token as it is listed: never the token itself. */
export const AccessTokenView = z.object({
  id: z.uuid(),
  name: z.string(),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  revokedAt: z.iso.datetime().nullable(),
  lastUsedAt: z.iso.datetime().nullable(),
  /** The token that it was made with, and ends with; null where it was made with none. */
  madeWith: z.uuid().nullable(),
});
export type AccessTokenView = z.infer<typeof AccessTokenView>;

export const IssueTokenInput = z.strictObject({
  name: nameText(100),
  /** Milliseconds; the longest that is permitted where it is left out. */
  lifetimeMs: z.int().positive("takes a length of time in milliseconds").optional(),
});
export type IssueTokenInput = z.infer<typeof IssueTokenInput>;

export const IssuedToken = AccessTokenView.extend({
  /** Shown once: only its hash is kept. */
  token: z.string(),
});
export type IssuedToken = z.infer<typeof IssuedToken>;
