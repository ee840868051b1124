import { z } from "zod";
import { isSeen } from "../../names/schema.ts";
import { RuleConditions } from "./conditions/schema.ts";

// Browser-safe: the console's forms and the API parse with the same schemas.

const pattern = z
  .string("takes a text")
  .min(1, "takes a name or a pattern")
  .max(253, "takes at most 253 characters");
const patterns = (most = 500) => z.array(pattern).max(most, `takes at most ${most}`).default([]);

/** Labels that must all be there, each with one of the values (names, or patterns with `*`); `env: prod` or `env: [prod, staging]`. */
export const LabelPatterns = z
  .record(
    z.string().min(1, "takes the key of a label").max(317, "takes at most 317 characters"),
    z.union(
      [pattern, z.array(pattern).min(1, "takes at least one value").max(100, "takes at most 100 values")],
      "takes a value or a list of values",
    ),
  )
  .refine((labels) => Object.keys(labels).length <= 20, "takes at most 20 labels");
export type LabelPatterns = z.infer<typeof LabelPatterns>;

/**
 * One rule of a role, in the terms of rbac.authorization.k8s.io PolicyRule, with an effect. In every pattern `*` stands for any
 * characters. A key that is not known here makes the rule one that is not understood: it could be a condition.
 * https://kubernetes.io/docs/reference/kubernetes-api/authorization-resources/role-v1/
 */
export const PolicyRule = z.strictObject({
  effect: z
    .enum(["allow", "deny"], "takes allow or deny")
    .meta({ description: "allow or deny. A deny rule of any of the caller's roles wins over every allow." }),
  description: z
    .string("takes a text")
    .max(200, "takes at most 200 characters")
    .refine(isSeen, "takes one line without control characters")
    .optional()
    .meta({ description: "What the rule is for, in a line." }),
  clusters: patterns().meta({
    description: "Names of clusters, or patterns such as prod-*. Empty: every cluster of the grant.",
  }),
  clusterLabels: LabelPatterns.default({}).meta({
    description:
      "Labels of the cluster that must all be there, such as env: prod. A value may be a list or a pattern.",
  }),
  apiGroups: z
    .array(z.string("takes a text").max(253, "takes at most 253 characters"))
    .max(500, "takes at most 500")
    .default([])
    .meta({ description: 'API groups: "" is the core group, apps, batch, *.example.com; * any.' }),
  resources: patterns().meta({
    description:
      "pods, pods/exec, pods/*, */status (that of every resource), * (every resource and subresource). No pattern allows a proxy subresource: it must be named.",
  }),
  exceptResources: patterns().meta({ description: "What resources covers but the rule does not." }),
  verbs: z
    .array(z.string("takes a text").min(1, "takes a verb").max(63, "takes at most 63 characters"))
    .min(1, "takes at least one verb; * is any")
    .max(100, "takes at most 100")
    .meta({ description: "get, list, watch, create, update, patch, delete, deletecollection, …; * any." }),
  namespaces: patterns().meta({
    description: "Names of namespaces, or patterns such as team-*. Empty: every namespace of the grant.",
  }),
  namespaceLabels: LabelPatterns.default({}).meta({
    description: "Labels of the namespace that must all be there. Not known yet: does not allow, and denies.",
  }),
  names: patterns().meta({ description: "Names of objects, or patterns. Empty: every object." }),
  nonResourceURLs: z
    .array(z.string("takes a text").min(1, "takes a path").max(2048, "takes at most 2048 characters"))
    .max(500, "takes at most 500")
    .default([])
    .meta({ description: "Paths that are no resources, such as /metrics or /healthz/*." }),
  when: RuleConditions.optional().meta({
    description: "Under which circumstances the rule counts; all that are given must be met.",
  }),
});
export type PolicyRule = z.infer<typeof PolicyRule>;

/** Whether a role's sessions are recorded: `required`, not without; `best_effort`, as long as it is possible; `off`, never. */
export const RecordingPolicy = z.enum(
  ["required", "best_effort", "off"],
  'takes "required", "best_effort" or "off"',
);
export type RecordingPolicy = z.infer<typeof RecordingPolicy>;

/** What a role says of the recording of its sessions. `recordInput`: also what is typed, passwords among it. */
export interface RoleRecording {
  record: RecordingPolicy;
  recordInput: boolean;
}

/** Of a role of which nobody said anything. */
export const DEFAULT_RECORDING: RoleRecording = { record: "best_effort", recordInput: false };

/** How a grant came to be: somebody gave it, a request for it was approved, or it was taken at once, in an emergency. */
export const GrantOrigin = z.enum(["grant", "request", "break_glass"]);
export type GrantOrigin = z.infer<typeof GrantOrigin>;

export const SubjectKind = z.enum(["user", "group", "application"]);
export type SubjectKind = z.infer<typeof SubjectKind>;
