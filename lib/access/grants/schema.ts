import { z } from "zod";
import { AgentTag, isSeen, ProviderId, UNSEEN_REFUSED } from "../../names/schema.ts";
import { GrantOrigin, SubjectKind } from "../policy/schema.ts";
import { Named, requireOneScope, scopeInput } from "../scopes/schema.ts";

export const GrantView = z.object({
  id: z.uuid(),
  origin: GrantOrigin.meta({
    description: "How it came to be; of request and break_glass the request has the same id.",
  }),
  role: z.object({ id: z.uuid(), name: z.string() }),
  subject: z.object({ kind: SubjectKind, id: z.uuid(), name: z.string() }),
  /** null: every cluster, or what of project, department and node pool is not null says where. */
  cluster: z.object({ id: z.uuid(), name: z.string() }).nullable(),
  /** Empty: every namespace, and what has none. */
  namespaces: z.array(z.string()),
  project: Named.nullable(),
  department: Named.nullable(),
  nodePool: Named.nullable(),
  clusterIds: z
    .array(z.uuid())
    .nullable()
    .meta({ description: "The clusters on which it counts now; null: every one, also those to come." }),
  agentTag: z.string().nullable().meta({
    description:
      "Of clusters that are called through agents: only those with this tag carry its calls; null: as the cluster says.",
  }),
  reason: z.string().nullable().meta({ description: "Why, in the giver's words." }),
  grantedBy: z.string().nullable().meta({ description: "A person's email, an application's name." }),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().nullable(),
  lastUsedAt: z.iso
    .datetime()
    .nullable()
    .meta({ description: "When it last allowed a call, to the minute." }),
});
export type GrantView = z.infer<typeof GrantView>;

const Reason = z
  .string("takes a text")
  .trim()
  .max(500, "takes at most 500 characters")
  .transform((text) => text || null)
  .nullable()
  .default(null);

const Expiry = z.iso
  .datetime({ offset: true, error: "takes a time such as 2026-12-31T18:00:00Z" })
  .nullable();

const nameOf = (takes: string) => z.string(takes).min(1, takes).max(254, "takes at most 254 characters");

export const CreateGrantInput = z
  .strictObject({
    /** A role's name or id. */
    role: nameOf("takes a role's name or id"),
    subjectKind: z.enum(SubjectKind.options, "takes user, group or application"),
    /** Person: e-mail address or id. Group: name, also one that nobody has brought yet. Application: name or id. */
    subject: nameOf("takes an e-mail address, or the name of a group or an application").refine(
      isSeen,
      UNSEEN_REFUSED,
    ),
    /** Of a person or a group: the id of the identity provider that they are of; null where the subject says enough. */
    subjectProvider: ProviderId.nullable().default(null),
    ...scopeInput,
    /** Of clusters that are called through agents: only those with this tag carry its calls; null: as the cluster says. */
    agentTag: AgentTag.nullable().default(null),
    /** Why; kept with the grant and in its events. */
    reason: Reason,
    /** null: until it is revoked. */
    expiresAt: Expiry.default(null),
  })
  .superRefine(requireOneScope);
export type CreateGrantInput = z.input<typeof CreateGrantInput>;

export const UpdateGrantInput = z.strictObject({
  /** null: until it is revoked. */
  expiresAt: Expiry,
});
export type UpdateGrantInput = z.input<typeof UpdateGrantInput>;

export const RevokeGrantInput = z.strictObject({
  /** Why; kept with the grant and in its event. */
  reason: Reason,
});
export type RevokeGrantInput = z.input<typeof RevokeGrantInput>;

const wholeNumber = (least: number, most: number) => {
  const takes = `takes a number from ${least} to ${most}`;
  return z.coerce.number(takes).int(takes).min(least, takes).max(most, takes);
};

/** By what a list of grants may be sorted: `name` or `-name`. */
const GRANT_SORTS = ["subject", "role", "cluster", "expires", "created", "used"] as const;

/** What of the grants is asked for. */
export const ListGrantsQuery = z.strictObject({
  search: z
    .string()
    .max(200, "takes at most 200 characters")
    .optional()
    .meta({ description: "Words that are in who, role, cluster, namespaces or reason, in any case." }),
  subject: z.uuid("takes an id (UUID)").optional(),
  role: z.uuid("takes an id (UUID)").optional(),
  cluster: z.uuid("takes an id (UUID)").optional().meta({ description: "Those on every cluster, too." }),
  id: z.uuid("takes an id (UUID)").optional(),
  sort: z
    .enum(
      GRANT_SORTS.flatMap((name) => [name, `-${name}`] as const),
      `takes one of ${GRANT_SORTS.join(", ")}, - before it for the other way`,
    )
    .default("subject"),
  limit: wholeNumber(1, 5_000).default(1_000),
  offset: wholeNumber(0, 1_000_000).default(0),
});
export type ListGrantsQuery = z.input<typeof ListGrantsQuery>;

export const GrantList = z.object({
  grants: z.array(GrantView),
  total: z.number().int().meta({ description: "How many there are of what was asked for." }),
});
export type GrantList = z.infer<typeof GrantList>;
