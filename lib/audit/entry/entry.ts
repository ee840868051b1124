import { z } from "zod";

/** `complete`: an ordinary call, recorded once. Long-running calls have `start` and `end`. `interrupted` closes an intent that a crash left open. */
export const Stage = z.enum(["complete", "start", "end", "interrupted"]);
export type Stage = z.infer<typeof Stage>;

/** Who called, as they were named at that moment. */
export const EntryActor = z.object({
  kind: z.enum(["user", "application", "anonymous", "system"]),
  /** Empty for anonymous. */
  id: z.string(),
  name: z.string(),
  email: z.string(),
});
export type EntryActor = z.infer<typeof EntryActor>;

/** A request body as it is kept: redacted, at most 4096 bytes of YAML. */
export const EntryBody = z.object({
  /** YAML, redacted, cut at 4096 bytes on a character boundary. */
  text: z.string(),
  truncated: z.boolean(),
  /** Full length of the body as it was sent, bytes. */
  bytes: z.number().int().nonnegative(),
  /** SHA-256 of the body as it was sent, hex. */
  sha256: z.string().length(64),
});
export type EntryBody = z.infer<typeof EntryBody>;

/**
 * One call through the gateway, as the audit pipeline takes it: already redacted, every text bounded.
 * Absent values are null. PRODUCT: Request Audit.
 */
export const KubeRequestEntry = z.object({
  /** One call; its start and end rows share it. UUIDv7. */
  callId: z.uuid(),
  stage: Stage,
  /** Milliseconds since the epoch: when the call reached the gateway; for `end`, when it ended. */
  executedAt: z.number().int(),
  result: z.enum(["success", "failure"]),
  actor: EntryActor,
  clientIp: z.string().nullable(),
  /** `id` is empty when the path named no registered cluster. */
  cluster: z.object({ id: z.string(), name: z.string(), endpoint: z.string() }),
  /** The role that allowed the call; null on denial. */
  role: z.string().nullable(),
  namespace: z.string().nullable(),
  /** kube-apiserver's RequestInfo verb: get list watch create update patch delete deletecollection, or the HTTP method in lower case for non-resource URLs. */
  verb: z.string(),
  apiGroup: z.string().nullable(),
  /** With subresource: `pods/exec`. For non-resource URLs the path, e.g. `/version`; null when the path was refused. */
  resource: z.string().nullable(),
  resourceName: z.string().nullable(),
  message: z.string().nullable(),
  httpStatus: z.number().int().nullable(),
  durationMs: z.number().int().nonnegative().nullable(),
  /** Body or stream bytes from the client, and to it. */
  bytesIn: z.number().int().nonnegative().nullable(),
  bytesOut: z.number().int().nonnegative().nullable(),
  exitCode: z.number().int().nullable(),
  /** The groups that the gateway impersonated. */
  kubernetesGroups: z.array(z.string()),
  /** What the client asked for with --as and --as-group. */
  impersonatedUser: z.string().nullable(),
  impersonatedGroups: z.array(z.string()),
  /** name/version of the User-Agent, e.g. `kubectl/v1.32.4`. */
  clientName: z.string().nullable(),
  userAgent: z.string().nullable(),
  accessMethod: z.enum(["CLI", "Browser"]),
  /** Kubectl-Command: the client's own claim; from the web shell the full command line. */
  command: z.string().nullable(),
  /** Kubectl-Session: the client's own claim. */
  sessionId: z.uuid().nullable(),
  /** The id of the token that the call was made with; null where nobody was authenticated. */
  tokenId: z.uuid().nullable().optional(),
  recordingId: z.uuid().nullable(),
  tunnelAgent: z.string().nullable(),
  tunnelTag: z.string().nullable(),
  body: EntryBody.nullable(),
  /** The call asked the API server to change nothing: it is no event. */
  dryRun: z.boolean().optional(),
});
export type KubeRequestEntry = z.infer<typeof KubeRequestEntry>;

/** The verbs that change something, and connect verbs are told by `isMutation` of lib/gateway/request/request-info.ts. */
export const MUTATING_VERBS: ReadonlySet<string> = new Set([
  "create",
  "update",
  "patch",
  "delete",
  "deletecollection",
]);
