import { z } from "zod";
import { isSeen, ProviderId, UNSEEN_REFUSED } from "../../names/schema.ts";
import { SubjectKind } from "../policy/schema.ts";
import { Named, requireOneScope, scopeInput } from "../scopes/schema.ts";

export const GrantView = z.object({
  id: z.uuid(),
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
  reason: z.string().nullable().meta({ description: "Why, in the giver's words." }),
  grantedBy: z.string().nullable().meta({ description: "A person's email, an application's name." }),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().nullable(),
});
export type GrantView = z.infer<typeof GrantView>;

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
    /** Why; kept with the grant and in its events. */
    reason: z
      .string("takes a text")
      .trim()
      .max(500, "takes at most 500 characters")
      .transform((text) => text || null)
      .nullable()
      .default(null),
    /** null: until it is revoked. */
    expiresAt: z.iso
      .datetime({ offset: true, error: "takes a time such as 2026-12-31T18:00:00Z" })
      .nullable()
      .default(null),
  })
  .superRefine(requireOneScope);
export type CreateGrantInput = z.input<typeof CreateGrantInput>;
