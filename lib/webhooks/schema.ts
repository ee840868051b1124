import { z } from "zod";
import { nameText } from "../names/schema.ts";

// Browser-safe: the console's forms and the API parse with the same schemas.

/** Of what others are told. */
export const WebhookType = z.enum(
  [
    "access_request.created",
    "access_request.approved",
    "access_request.refused",
    "access_request.withdrawn",
    "access_request.ended",
    "break_glass.started",
    "break_glass.ended",
  ],
  "takes a type of message, such as access_request.created",
);
export type WebhookType = z.infer<typeof WebhookType>;

/** At most so many destinations: each message goes to each. */
export const MOST_WEBHOOKS = 20;

export const WebhookView = z.object({
  id: z.uuid(),
  name: z.string(),
  url: z.string(),
  types: z.array(WebhookType).meta({ description: "Of what it is told; empty: of all." }),
  enabled: z.boolean(),
  createdAt: z.iso.datetime(),
  /** How many messages wait to be sent, or to be sent again. */
  waiting: z.number().int(),
  dropped: z.number().int().meta({ description: "How many messages it was never sent." }),
  last: z
    .object({
      at: z.iso.datetime(),
      type: z.string(),
      status: z.number().int().nullable().meta({ description: "HTTP status; null: no answer." }),
      error: z.string().nullable().meta({ description: "null: it was taken." }),
    })
    .nullable()
    .meta({ description: "The last attempt." }),
});
export type WebhookView = z.infer<typeof WebhookView>;

/** The secret is shown once. */
export const WebhookWithSecret = WebhookView.extend({
  secret: z
    .string()
    .meta({ description: "whsec_ and base64: what a receiver checks the signature with. Shown once." }),
});
export type WebhookWithSecret = z.infer<typeof WebhookWithSecret>;

const Url = z
  .string("takes an https address")
  .trim()
  .min(1, "takes an https address")
  .max(2_000, "takes at most 2000 characters");
const Types = z.array(WebhookType, "takes a list of types").max(WebhookType.options.length);

export const CreateWebhookInput = z.strictObject({
  name: nameText(63),
  url: Url,
  types: Types.default([]),
});
export type CreateWebhookInput = z.input<typeof CreateWebhookInput>;

/** What is left out stays as it is. */
export const UpdateWebhookInput = z.strictObject({
  name: nameText(63).optional(),
  url: Url.optional(),
  types: Types.optional(),
  enabled: z.boolean("takes true or false").optional(),
});
export type UpdateWebhookInput = z.input<typeof UpdateWebhookInput>;
