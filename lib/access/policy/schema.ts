import { z } from "zod";

// Browser-safe: the console's forms and the API parse with the same schemas.

const pattern = z.string().min(1).max(253);

/**
 * One rule of a role, in the terms of rbac.authorization.k8s.io PolicyRule, with an effect.
 * - `apiGroups`: `""` is the core group, `*` any.
 * - `resources`: `pods`, `pods/exec`, `pods/*`, any resource's subresource as `*` + `/status`, `*` (every
 *   resource and subresource). No wildcard allows a `proxy` subresource: it is allowed where it is named.
 * - `exceptResources`: what `resources` covers but the rule does not.
 * - `verbs`: kube-apiserver's, `*` any.
 * - `namespaces`, `names`: empty means any; a trailing `*` matches a prefix.
 * - `nonResourceURLs`: paths, a trailing `*` matches a prefix.
 * A key that is not known here makes the rule one that is not understood: it could be a condition.
 * https://kubernetes.io/docs/reference/kubernetes-api/authorization-resources/role-v1/
 */
export const PolicyRule = z.strictObject({
  effect: z.enum(["allow", "deny"]),
  apiGroups: z.array(z.string().max(253)).default([]),
  resources: z.array(pattern).default([]),
  exceptResources: z.array(pattern).default([]),
  verbs: z.array(z.string().min(1).max(63)).min(1),
  namespaces: z.array(pattern).default([]),
  names: z.array(pattern).default([]),
  nonResourceURLs: z.array(z.string().min(1).max(2048)).default([]),
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

export const SubjectKind = z.enum(["user", "group", "application"]);
export type SubjectKind = z.infer<typeof SubjectKind>;
