import { z } from "zod";
import { NamespaceName } from "../../names/schema.ts";
import { requireOneScope, scopeInput } from "../scopes/schema.ts";

// Browser-safe: the console's forms and the API parse with the same schemas.

export const RequestKind = z.enum(["request", "break_glass"]);
export type RequestKind = z.infer<typeof RequestKind>;

/**
 * `open` waits for an answer, and has `lapsed` where none came in time. One that was approved is `active` until its time is over (`expired`), or
 * somebody ends it (`ended`).
 */
export const RequestState = z.enum(
  ["open", "active", "refused", "withdrawn", "lapsed", "expired", "ended"],
  "takes open, active, refused, withdrawn, lapsed, expired or ended",
);
export type RequestState = z.infer<typeof RequestState>;

const Place = z.object({ id: z.uuid(), name: z.string() });

export const AccessRequestView = z.object({
  /** Also that of the grant that it became. */
  id: z.uuid(),
  kind: RequestKind,
  state: RequestState,
  person: z.object({ id: z.uuid(), name: z.string().meta({ description: "Their e-mail address." }) }),
  role: Place,
  cluster: Place.nullable().meta({ description: "null: every cluster, or the project's." }),
  project: Place.nullable().meta({ description: "Where it is for, instead of cluster and namespaces." }),
  namespaces: z.array(z.string()).meta({ description: "Empty: every namespace, and what has none." }),
  durationMs: z.number().int().meta({ description: "As it was asked for." }),
  reason: z.string(),
  createdAt: z.iso.datetime(),
  answerBy: z.iso.datetime().meta({ description: "Until when it may be answered." }),
  answer: z
    .object({
      at: z.iso.datetime(),
      by: z.string().nullable().meta({ description: "A person's email, an application's name." }),
      word: z.string().nullable().meta({ description: "What the approver had to say." }),
    })
    .nullable()
    .meta({ description: "When it was approved, refused or withdrawn." }),
  grant: z
    .object({
      cluster: Place.nullable(),
      namespaces: z.array(z.string()),
      expiresAt: z.iso.datetime().nullable(),
      lastUsedAt: z.iso.datetime().nullable(),
      endedAt: z.iso.datetime().nullable().meta({ description: "When somebody ended it before its time." }),
      endedBy: z.string().nullable(),
      endReason: z.string().nullable(),
    })
    .nullable()
    .meta({ description: "What was given; it may be less than was asked for." }),
});
export type AccessRequestView = z.infer<typeof AccessRequestView>;

/** A request, and what whoever asks may do about it. */
export const AccessRequestForViewer = AccessRequestView.extend({
  own: z.boolean(),
  mayAnswer: z.boolean().meta({ description: "Approve or refuse it, while it is open." }),
  mayEnd: z.boolean().meta({ description: "End it, while it is active." }),
});
export type AccessRequestForViewer = z.infer<typeof AccessRequestForViewer>;

const LEAST_MS = 60_000;
const MOST_MS = 30 * 86_400_000;
const DURATION = "takes milliseconds, from a minute to 30 days";
const Duration = z.number(DURATION).int(DURATION).min(LEAST_MS, DURATION).max(MOST_MS, DURATION);

const text = (takes: string, most: number) =>
  z.string(takes).trim().min(1, takes).max(most, `takes at most ${most} characters`);
const optionalText = (most: number) =>
  z
    .string("takes a text")
    .trim()
    .max(most, `takes at most ${most} characters`)
    .transform((given) => given || null)
    .nullable()
    .default(null);
const Namespaces = z.array(NamespaceName).max(100, "takes at most 100 namespaces");
const Cluster = text("takes a cluster's name or id", 254);

export const CreateAccessRequestInput = z
  .strictObject({
    kind: z.enum(RequestKind.options, "takes request or break_glass").default("request"),
    /** A role's name or id. */
    role: text("takes a role's name or id", 254),
    /** A cluster's name or id; null for every cluster. Left out where a project says where. */
    cluster: scopeInput.cluster,
    /** Empty for every namespace and what has none. */
    namespaces: Namespaces.default([]),
    /** A project's name or id. */
    project: scopeInput.project,
    durationMs: Duration,
    /** What for: who approves reads it, and it stays with the grant. */
    reason: text("takes what it is for", 500),
  })
  .superRefine((wanted, context) =>
    requireOneScope({ department: undefined, nodePool: undefined, ...wanted }, context),
  );
export type CreateAccessRequestInput = z.input<typeof CreateAccessRequestInput>;

/** What is left out is as it was asked for; it may be less, never more. */
export const ApproveAccessRequestInput = z.strictObject({
  durationMs: Duration.optional(),
  cluster: Cluster.optional(),
  namespaces: Namespaces.optional(),
  word: optionalText(500),
});
export type ApproveAccessRequestInput = z.input<typeof ApproveAccessRequestInput>;

export const RefuseAccessRequestInput = z.strictObject({
  /** Why: the person reads it. */
  word: text("takes why it is refused", 500),
});
export type RefuseAccessRequestInput = z.input<typeof RefuseAccessRequestInput>;

export const EndAccessRequestInput = z.strictObject({ reason: optionalText(500) });
export type EndAccessRequestInput = z.input<typeof EndAccessRequestInput>;

const wholeNumber = (least: number, most: number) => {
  const takes = `takes a number from ${least} to ${most}`;
  return z.coerce.number(takes).int(takes).min(least, takes).max(most, takes);
};

/** Whose requests are asked for: one's own, those that one may answer, or everyone's. */
export const RequestScope = z.enum(["mine", "to_answer", "all"], "takes mine, to_answer or all");
export type RequestScope = z.infer<typeof RequestScope>;

export const ListAccessRequestsQuery = z.strictObject({
  scope: RequestScope.default("mine"),
  state: RequestState.optional(),
  search: z
    .string()
    .max(200, "takes at most 200 characters")
    .optional()
    .meta({ description: "Words that are in person, role, cluster, namespaces or reason, in any case." }),
  limit: wholeNumber(1, 500).default(100),
  offset: wholeNumber(0, 1_000_000).default(0),
});
export type ListAccessRequestsQuery = z.input<typeof ListAccessRequestsQuery>;

export const AccessRequestList = z.object({
  requests: z.array(AccessRequestForViewer),
  total: z.number().int().meta({ description: "How many there are of what was asked for." }),
});
export type AccessRequestList = z.infer<typeof AccessRequestList>;

/** What one may ask for. */
export const RequestChoices = z.object({
  roles: z.array(
    z.object({
      name: z.string(),
      description: z.string(),
      requestable: z.boolean(),
      breakGlass: z.boolean().meta({ description: "One may take it at once." }),
      longestMs: z.number().int(),
    }),
  ),
  clusters: z.array(Place).meta({ description: "Empty where no role can be asked for." }),
  projects: z.array(Place),
});
export type RequestChoices = z.infer<typeof RequestChoices>;

/** What a person is to know on every page. */
export const RequestNotice = z.object({
  toAnswer: z.number().int().meta({ description: "Open requests that one may answer." }),
  breakGlass: z
    .array(AccessRequestForViewer)
    .meta({ description: "Break-glass that lasts: one's own; everyone's for administrators." }),
});
export type RequestNotice = z.infer<typeof RequestNotice>;
