import { z } from "zod";
import { writtenShape } from "../columns/derived/schema.ts";
import { REQUEST_AUDIT } from "../columns/request-audit/schema.ts";

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

const WRITTEN = writtenShape(REQUEST_AUDIT);

/**
 * One call through the gateway, as the audit pipeline takes it: already redacted, every text bounded. Absent values are null. Beside what is
 * here it has a field for each column of Request Audit. PRODUCT: Request Audit.
 */
export const KubeRequestEntry = z.object({
  ...WRITTEN,
  actor: EntryActor,
  /** `id` is empty when the path named no registered cluster. */
  cluster: z.object({ id: z.string(), name: z.string(), endpoint: z.string() }),
  userAgent: z.string().nullable(),
  body: EntryBody.nullable(),
  /** The call asked the API server to change nothing: it is no event. */
  dryRun: z.boolean().optional(),
});
export type KubeRequestEntry = z.infer<typeof KubeRequestEntry>;

/** `complete`: an ordinary call, recorded once. Long-running calls have `start` and `end`. `interrupted` closes an intent that a crash left open. */
export type Stage = KubeRequestEntry["stage"];

type AbsentField = {
  [Key in keyof typeof WRITTEN]: null extends KubeRequestEntry[Key]
    ? Key
    : KubeRequestEntry[Key] extends string[]
      ? Key
      : never;
}[keyof typeof WRITTEN];

const absentFields: Record<string, unknown> = Object.fromEntries(
  Object.entries(WRITTEN).flatMap(([field, schema]) => {
    const absent = [null, []].find((value) => schema.safeParse(value).success);
    return absent === undefined ? [] : [[field, Object.freeze(absent)]];
  }),
);

/** The fields of columns that may be absent, all of them absent: for entries that say little. */
export const ABSENT_FIELDS = absentFields as Readonly<Pick<KubeRequestEntry, AbsentField>>;

/** The verbs that change something, and connect verbs are told by `isMutation` of lib/gateway/request/request-info.ts. */
export const MUTATING_VERBS: ReadonlySet<string> = new Set([
  "create",
  "update",
  "patch",
  "delete",
  "deletecollection",
]);

/** The verbs of reads; one of what is behind a proxy may change something all the same. */
export const READ_VERBS: ReadonlySet<string> = new Set(["get", "list", "watch"]);
