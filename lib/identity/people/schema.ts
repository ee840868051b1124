import { z } from "zod";
import { nameText } from "../../names/schema.ts";

export const PersonView = z.object({
  id: z.uuid(),
  name: z.string(),
  email: z.string(),
  enabled: z.boolean(),
  disabledBy: z.enum(["administrator", "identity_provider"]).nullable(),
  consoleRole: z.enum(["administrator", "auditor", "user"]),
  groups: z.array(z.string()),
  createdAt: z.iso.datetime(),
  lastLoginAt: z.iso.datetime().nullable(),
  confirmedAt: z.iso.datetime().nullable(),
  /** Where they signed in with an identity provider that is not configured any more: its issuer. They cannot sign in now. */
  formerIssuer: z.string().nullable(),
});
export type PersonView = z.infer<typeof PersonView>;

export const GroupView = z.object({
  id: z.uuid(),
  name: z.string(),
  source: z.enum(["claim", "local"]),
  members: z.int(),
  /** Of a group of an identity provider that is not configured any more: its issuer. Grants to it do not count. */
  formerIssuer: z.string().nullable(),
});
export type GroupView = z.infer<typeof GroupView>;

/** An e-mail address is the person's name in every cluster: it cannot look like one of Kubernetes' own users. */
export const PersonEmail = z
  .email("takes an e-mail address")
  .max(254)
  .transform((email) => email.toLowerCase());

export const CreatePersonInput = z.strictObject({
  email: PersonEmail,
  name: nameText(200),
  groups: z.array(nameText(200)).max(500).default([]),
});
export type CreatePersonInput = z.input<typeof CreatePersonInput>;

export const SetPersonEnabledInput = z.strictObject({ enabled: z.boolean("takes true or false") });
