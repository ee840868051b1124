import { z } from "zod";
import { nameText, ProviderId } from "../../names/schema.ts";

const DAY_MS = 86_400_000;

export const ScimTokenView = z.object({
  id: z.uuid(),
  name: z.string(),
  provider: z.string().nullable().meta({
    description:
      "The id of the identity provider whose people and groups it writes; null where it is not configured any more, and the token does not count.",
  }),
  createdBy: z.string().nullable(),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().nullable(),
  lastUsedAt: z.iso.datetime().nullable(),
  revokedAt: z.iso.datetime().nullable(),
});
export type ScimTokenView = z.infer<typeof ScimTokenView>;

/** The one answer that has the token itself. */
export const CreatedScimToken = ScimTokenView.extend({ token: z.string() });
export type CreatedScimToken = z.infer<typeof CreatedScimToken>;

export const CreateScimTokenInput = z.strictObject({
  name: nameText(100),
  /** The id of an identity provider that is configured. */
  provider: ProviderId,
  lifetimeMs: z
    .int("takes a number of milliseconds")
    .min(DAY_MS, "takes at least a day, in milliseconds")
    .max(3_650 * DAY_MS, "takes at most ten years, in milliseconds")
    .nullable()
    .default(null)
    .meta({ description: "How long it counts; null: until it is revoked." }),
});
export type CreateScimTokenInput = z.input<typeof CreateScimTokenInput>;
