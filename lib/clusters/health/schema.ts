import { z } from "zod";

// Browser-safe: the console shows it as the API gives it.

/** Where on its way a check of a cluster found something, in the order of the way. */
export const CheckStep = z.enum([
  "credential",
  "address",
  "connection",
  "certificate",
  "answer",
  "authentication",
  "impersonation",
  "privileges",
  "version",
]);
export type CheckStep = z.infer<typeof CheckStep>;

/**
 * `failing`: calls do not work; `unsafe`: they do, and the gateway's own credential may more than it needs; `warning`: they will stop to,
 * or something could not be told.
 */
export const FindingSeverity = z.enum(["failing", "unsafe", "warning"]);
export type FindingSeverity = z.infer<typeof FindingSeverity>;

export const ClusterFinding = z.object({
  step: CheckStep,
  severity: FindingSeverity,
  /** What is the matter, after "it": `does not take the credential (401)`. */
  problem: z.string(),
  /** What to do next. */
  next: z.string(),
});
export type ClusterFinding = z.infer<typeof ClusterFinding>;

/** What the last check of a cluster found. */
export const ClusterHealth = z.object({
  /** The worst of the findings. */
  state: z.enum(["healthy", ...FindingSeverity.options]),
  checkedAt: z.iso.datetime(),
  /** kube-apiserver's gitVersion; null where it could not be asked, or keeps it to itself. */
  version: z.string().nullable(),
  /** Of one call over an open connection, milliseconds; null where none was answered. */
  latencyMs: z.number().nullable(),
  /** When the API server's certificate ends; null where there is none, or it could not be reached. */
  certificateExpiresAt: z.iso.datetime().nullable(),
  /** When the gateway's own credential ends; null where that cannot be told. */
  credentialExpiresAt: z.iso.datetime().nullable(),
  findings: z.array(ClusterFinding),
});
export type ClusterHealth = z.infer<typeof ClusterHealth>;
