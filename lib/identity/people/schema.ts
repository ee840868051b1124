import { z } from "zod";
import { nameText, PersonEmail, ProviderId } from "../../names/schema.ts";

export const PersonView = z.object({
  id: z.uuid(),
  name: z.string(),
  email: z.string(),
  enabled: z.boolean(),
  disabledBy: z.enum(["administrator", "identity_provider", "scim"]).nullable().meta({
    description: "scim: the identity provider says so by SCIM, and nobody but it enables them.",
  }),
  consoleRole: z.enum(["administrator", "auditor", "user"]),
  groups: z.array(z.string()),
  groupIds: z.array(z.uuid()).meta({ description: "The ids of these groups, which is what grants name." }),
  createdAt: z.iso.datetime(),
  lastLoginAt: z.iso.datetime().nullable(),
  confirmedAt: z.iso.datetime().nullable(),
  provider: z.string().nullable().meta({
    description:
      "The id of the identity provider that they belong to; null where it is not configured any more.",
  }),
  /** Where they belong to an identity provider that is not configured any more: its issuer. They cannot sign in now. */
  formerIssuer: z.string().nullable(),
});
export type PersonView = z.infer<typeof PersonView>;

export const GroupView = z.object({
  id: z.uuid(),
  name: z.string(),
  displayName: z.string().nullable().meta({
    description: "What people call it where its name is an id of the identity provider; null: its name.",
  }),
  source: z.enum(["claim", "local", "scim"]).meta({
    description: "claim: sign-ins name it; scim: SCIM says who is in it; local: made here for a grant.",
  }),
  members: z.int(),
  provider: z.string().nullable().meta({
    description:
      "The id of the identity provider whose group it is; null where it is not configured any more.",
  }),
  /** Of a group of an identity provider that is not configured any more: its issuer. Grants to it do not count. */
  formerIssuer: z.string().nullable(),
});
export type GroupView = z.infer<typeof GroupView>;

export const CreatePersonInput = z.strictObject({
  email: PersonEmail,
  name: nameText(200),
  groups: z.array(nameText(200)).max(500).default([]),
  /** The id of the provider that they will sign in with; the first that is configured where it is left out. */
  provider: ProviderId.optional(),
});
export type CreatePersonInput = z.input<typeof CreatePersonInput>;

export const SetPersonEnabledInput = z.strictObject({ enabled: z.boolean("takes true or false") });
