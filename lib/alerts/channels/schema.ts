import { z } from "zod";
import { nameText } from "../../names/schema.ts";

// Browser-safe: the console's forms and the API parse with the same schemas.

/** At most so many channels. */
export const MOST_CHANNELS = 20;

const Url = z
  .string("takes an https address")
  .trim()
  .min(1, "takes an https address")
  .max(2_000, "takes at most 2000 characters");
const Address = z.email("takes an e-mail address").max(254, "takes an e-mail address");

/** A webhook is told as Standard Webhooks has it; its secret is made here. */
const WebhookChannel = z.strictObject({ kind: z.literal("webhook"), url: Url });

/** The address of an incoming webhook of Slack, Mattermost or another that takes the same. Who knows it may post there: it is kept as a secret. */
const SlackChannel = z.strictObject({ kind: z.literal("slack"), url: Url });

/** starttls: the server has to offer it. */
export const SmtpSecurity = z.enum(["tls", "starttls", "none"], "takes tls, starttls or none");

const EmailChannel = z.strictObject({
  kind: z.literal("email"),
  host: z
    .string("takes the name of an SMTP server")
    .trim()
    .min(1, "takes the name of an SMTP server")
    .max(253),
  port: z
    .int("takes a port")
    .min(1, "takes a port from 1 to 65535")
    .max(65_535, "takes a port from 1 to 65535"),
  security: SmtpSecurity.default("starttls"),
  user: z.string().trim().max(254).optional(),
  password: z.string().max(1_000).optional(),
  from: Address,
  to: z
    .array(Address, "takes a list of addresses")
    .min(1, "takes at least one address")
    .max(20, "takes at most 20"),
});
export type EmailChannel = z.infer<typeof EmailChannel>;

export const CreateChannelInput = z.strictObject({
  name: nameText(63),
  to: z
    .discriminatedUnion(
      "kind",
      [WebhookChannel, SlackChannel, EmailChannel],
      "takes a webhook, slack or email",
    )
    .refine((to) => to.kind !== "email" || to.security !== "none" || !to.password, {
      path: ["security"],
      error: "takes tls or starttls, where a password is sent",
    }),
});
export type CreateChannelInput = z.input<typeof CreateChannelInput>;
export type ChannelDestination = z.output<typeof CreateChannelInput>["to"];

/** What is left out stays as it is; `to` is given whole, but a password that is left out stays while host, port, security and user do. */
export const UpdateChannelInput = z.strictObject({
  name: nameText(63).optional(),
  to: CreateChannelInput.shape.to.optional(),
  enabled: z.boolean("takes true or false").optional(),
});
export type UpdateChannelInput = z.input<typeof UpdateChannelInput>;

/** A channel without its secret. */
export const ChannelView = z.object({
  id: z.uuid(),
  name: z.string(),
  to: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("webhook"), url: z.string() }),
    z.object({ kind: z.literal("slack"), host: z.string() }),
    z.object({
      kind: z.literal("email"),
      host: z.string(),
      port: z.int(),
      security: SmtpSecurity,
      user: z.string().nullable(),
      hasPassword: z.boolean(),
      from: z.string(),
      to: z.array(z.string()),
    }),
  ]),
  enabled: z.boolean(),
  createdAt: z.iso.datetime(),
  waiting: z.int().meta({ description: "How many messages wait to be sent, or to be sent again." }),
  dropped: z.int().meta({ description: "How many messages it was never sent." }),
  last: z
    .object({
      at: z.iso.datetime(),
      error: z.string().nullable().meta({ description: "null: it was taken." }),
    })
    .nullable()
    .meta({ description: "The last attempt." }),
});
export type ChannelView = z.infer<typeof ChannelView>;

/** Of a webhook that was made: its secret is shown once. */
export const MadeChannel = ChannelView.extend({
  secret: z.string().nullable().meta({ description: "Of a webhook: whsec_ and base64. Shown once." }),
});
export type MadeChannel = z.infer<typeof MadeChannel>;

/** What became of one attempt. */
export const SendResult = z.object({
  error: z.string().nullable().meta({ description: "null: it was taken." }),
});
export type SendResult = z.infer<typeof SendResult>;
