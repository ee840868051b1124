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
  source: z.enum(["administrator", "provider", "scim", "local"]).meta({
    description:
      "How they came to be known: an administrator made them known, they signed in, SCIM provisions them, or they are known here alone.",
  }),
  groups: z.array(z.string()).meta({ description: "In lists, the first 50." }),
  groupIds: z.array(z.uuid()).meta({ description: "The ids of these groups, which is what grants name." }),
  groupCount: z.int(),
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

const whole = (most: number, least = 0) =>
  z.coerce.number(`takes a number from ${least} to ${most}`).int().min(least).max(most);
/** A page of a list, in an order, of what has every word of the search in it. */
const page = (columns: readonly [string, ...string[]]) => ({
  search: z.string().max(200, "takes at most 200 characters").default(""),
  sort: z
    .string()
    .refine(
      (sort) => columns.includes(sort.replace(/^-/, "")),
      `takes ${columns.join(", ")}, or one of them with - before it`,
    )
    .default(columns[0]),
  limit: whole(1_000, 1).default(1_000),
  offset: whole(1_000_000).default(0),
});

export const PEOPLE_COLUMNS = [
  "email",
  "name",
  "status",
  "role",
  "source",
  "login",
  "created",
  "provider",
] as const;
export const ListPeopleQuery = z.strictObject({
  ...page(PEOPLE_COLUMNS),
  /** Those in this group alone. */
  group: z.uuid("takes the id of a group").optional(),
});
export type ListPeopleQuery = z.output<typeof ListPeopleQuery>;
/** `total`: how many there are of what is asked for, on all pages. */
export const PeoplePage = z.object({ users: z.array(PersonView), total: z.int() });
export type PeoplePage = z.infer<typeof PeoplePage>;

export const GROUP_COLUMNS = ["name", "source", "members", "provider"] as const;
export const ListGroupsQuery = z.strictObject(page(GROUP_COLUMNS));
export type ListGroupsQuery = z.output<typeof ListGroupsQuery>;
export const GroupsPage = z.object({ groups: z.array(GroupView), total: z.int() });
export type GroupsPage = z.infer<typeof GroupsPage>;

export const CreatePersonInput = z.strictObject({
  email: PersonEmail,
  name: nameText(200),
  groups: z.array(nameText(200)).max(500).default([]),
  /** The id of the provider that they will sign in with; the first that is configured where it is left out. */
  provider: ProviderId.optional(),
});
export type CreatePersonInput = z.input<typeof CreatePersonInput>;

export const SetPersonEnabledInput = z.strictObject({ enabled: z.boolean("takes true or false") });
