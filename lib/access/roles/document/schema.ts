import { z } from "zod";
import { isSeen } from "../../../names/schema.ts";
import { DurationText } from "../../policy/conditions/schema.ts";
import { PolicyRule, RecordingPolicy } from "../../policy/schema.ts";
import { findNeverMatching } from "./matching/schema.ts";

// Browser-safe: the editor completes and checks by these schemas, as the API does.

export const ROLE_API_VERSION = "kubewitness.io/v1";
export const ROLE_KIND = "Role";
const MOST_RULES = 300;

const ROLE_NAME = "takes 1 to 63 of a-z, 0-9, . _ - with a letter or digit at the ends";
const RoleName = z.string(ROLE_NAME).regex(/^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$/, ROLE_NAME);

const identity = z
  .string("takes a text")
  .min(1, "takes a name")
  .max(253, "takes at most 253 characters")
  .refine(
    isSeen,
    "takes a name without control characters and without marks that change the direction of text",
  );
const identities = z.array(identity).max(100, "takes at most 100").default([]);

/** How people may ask for the role. Without it nobody may. */
export const RoleRequests = z.strictObject({
  requestable: z
    .boolean("takes true or false")
    .default(false)
    .meta({ description: "People may ask for this role for a time, with a reason." }),
  approverRoles: z
    .array(RoleName)
    .max(100, "takes at most 100")
    .default([])
    .meta({ description: "Whoever holds one of these roles may approve. Empty: administrators." }),
  maxDuration: DurationText.optional().meta({
    description: "For how long it is given at most, such as 8h.",
  }),
  breakGlass: z
    .strictObject({
      anyone: z
        .boolean("takes true or false")
        .default(false)
        .meta({ description: "Everybody to whom some role is granted, on any cluster." }),
      groups: identities.meta({ description: "Members of these groups, by their names." }),
    })
    .optional()
    .meta({
      description:
        "Who may take the role at once, with a reason, in an emergency; administrators are told, and it is marked in the record. Left out: nobody.",
    }),
});
export type RoleRequests = z.infer<typeof RoleRequests>;

const RoleSpec = z.strictObject({
  rules: z
    .array(PolicyRule)
    .min(1, "takes at least one rule: a role without rules never allows anything")
    .max(MOST_RULES, `takes at most ${MOST_RULES} rules`)
    .superRefine((rules, context) => {
      for (const [index, rule] of rules.entries())
        for (const { path, message } of findNeverMatching(rule))
          context.addIssue({ code: "custom", path: [index, ...path], message });
    })
    .meta({
      description: "What is allowed and denied. What no rule allows is denied; a deny rule always wins.",
    }),
  kubernetes: z
    .strictObject({
      user: identity.optional().meta({
        description: "The user as whom the cluster sees every call. Left out: the caller's own name.",
      }),
      groups: identities.meta({
        description: "The groups as which the cluster sees the call: what its own role bindings name.",
      }),
    })
    .default({ groups: [] })
    .meta({ description: "The identity that calls have in the cluster." }),
  impersonate: z
    .strictObject({
      users: identities.meta({
        description:
          "Whom kubectl --as may name; patterns with *. Names of system: must be written out so far.",
      }),
      groups: identities.meta({ description: "What kubectl --as-group may name; patterns with *." }),
    })
    .default({ users: [], groups: [] })
    .meta({ description: "In whose name a caller may act (--as, --as-group). Empty: in nobody's." }),
  recording: z
    .strictObject({
      mode: RecordingPolicy.default("best_effort").meta({
        description:
          "required: no session without its recording; best_effort: as long as it is possible; off: never.",
      }),
      input: z
        .boolean("takes true or false")
        .default(false)
        .meta({ description: "Also what is typed, passwords among it." }),
    })
    .default({ mode: "best_effort", input: false })
    .meta({ description: "Whether its sessions are recorded." }),
  auditReads: z.boolean("takes true or false").optional().meta({
    description:
      "Whether get, list and watch by this role are recorded. Left out: as the installation is set.",
  }),
  requests: RoleRequests.optional().meta({ description: "How people may ask for the role." }),
});

/** A role as administrators write it, in YAML or JSON. */
export const RoleDocument = z.strictObject({
  apiVersion: z
    .literal(ROLE_API_VERSION, `takes ${ROLE_API_VERSION}`)
    .meta({ description: ROLE_API_VERSION }),
  kind: z.literal(ROLE_KIND, `takes ${ROLE_KIND}`).meta({ description: ROLE_KIND }),
  metadata: z
    .strictObject({
      name: RoleName.meta({ description: "The role's name, as grants and the record name it." }),
      description: z
        .string("takes a text")
        .trim()
        .max(1_000, "takes at most 1000 characters")
        .refine((text) => isSeen(text.replaceAll("\n", "")), "takes a text without control characters")
        .default("")
        .meta({ description: "What the role is for." }),
    })
    .meta({ description: "Name and description." }),
  spec: RoleSpec.meta({ description: "What the role allows and denies." }),
});
export type RoleDocument = z.output<typeof RoleDocument>;
/** A document as it is written, without what is left out. */
export type RoleDocumentInput = z.input<typeof RoleDocument>;
