import { z } from "zod";
import { RoleDocument } from "../roles/document/schema.ts";

/** How far back the record is looked at. */
export const DRY_RUN_DAYS = 30;

export const DryRunInput = z.strictObject({
  /** The role that the document is to change; null for one that is to be made. */
  roleId: z.uuid("takes the id of a role, or null").nullable().default(null),
  document: RoleDocument,
  days: z
    .int("takes a whole number of days")
    .min(1, "takes at least 1")
    .max(DRY_RUN_DAYS, `takes at most ${DRY_RUN_DAYS}`)
    .default(DRY_RUN_DAYS),
});
export type DryRunInput = z.infer<typeof DryRunInput>;

/** Calls of one person that differ in nothing but time and object. */
export const CallGroup = z.object({
  person: z.object({ kind: z.enum(["user", "application"]), id: z.string(), name: z.string() }),
  cluster: z.string(),
  apiGroup: z.string(),
  /** With subresource; a path where it begins with `/`. */
  resource: z.string(),
  verb: z.string(),
  namespace: z.string().nullable(),
  calls: z.int(),
  lastAt: z.iso.datetime(),
  lastNo: z.int(),
  /** Of the last one: why it would be refused, or by which role it would be allowed, and as whom. */
  says: z.string(),
});
export type CallGroup = z.infer<typeof CallGroup>;

const ChangedCalls = z.object({
  calls: z.int(),
  /** The most frequent first. */
  groups: z.array(CallGroup),
  /** Calls that are in none of these groups: there were too many. */
  ungrouped: z.int(),
});
export type ChangedCalls = z.infer<typeof ChangedCalls>;

export const DryRunProgress = z.object({
  kind: z.literal("progress"),
  checked: z.int(),
  /** Everything from here to now has been looked at. */
  reached: z.iso.datetime(),
  /** Of the time that is looked at, 0 to 1. */
  share: z.number(),
});

export const DryRunResult = z.object({
  kind: z.literal("result"),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  /** Calls of people and applications that hold the role, as far as they were looked at. */
  checked: z.int(),
  /** Allowed then and now, and refused by the change. */
  refused: ChangedCalls,
  /** Refused then and now, and allowed by the change. */
  allowed: ChangedCalls,
  /** Allowed in any case, and by the change as somebody else in the cluster or by another role. */
  otherwise: ChangedCalls,
  /** Of which today's grants and roles say something else already than was recorded: nothing is said of the change. */
  outdated: z.int(),
  /** Of which the record does not have what would decide. */
  untold: z.array(z.object({ why: z.string(), calls: z.int() })),
  /** What this was reckoned with, and what it leaves out. */
  notes: z.array(z.string()),
});
export type DryRunResult = z.infer<typeof DryRunResult>;

export const DryRunFailure = z.object({ kind: z.literal("failure"), message: z.string() });

/** One line of the answer (NDJSON): progress until the result, or what it failed at. */
export const DryRunLine = z.discriminatedUnion("kind", [DryRunProgress, DryRunResult, DryRunFailure]);
export type DryRunLine = z.infer<typeof DryRunLine>;
