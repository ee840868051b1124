import { z } from "zod";
import { PolicyRule, RecordingPolicy } from "../policy/schema.ts";
import { RoleDocument, RoleRequests } from "./document/schema.ts";

export const RoleView = z.object({
  id: z.uuid(),
  name: z.string(),
  description: z.string(),
  builtIn: z.boolean(),
  rules: z.array(PolicyRule),
  /** null: the caller's own name. */
  kubernetesUser: z.string().nullable(),
  kubernetesGroups: z.array(z.string()),
  impersonateUsers: z.array(z.string()),
  impersonateGroups: z.array(z.string()),
  record: RecordingPolicy,
  /** Also what is typed in its sessions, passwords among it. */
  recordInput: z.boolean(),
  /** Whether its reads are recorded; null: as the installation is set. */
  auditReads: z.boolean().nullable(),
  /** How people may ask for it; null: they may not. */
  requests: RoleRequests.nullable(),
  /** Counts its changes. A change names the version that it is made to. */
  version: z.int(),
});
export type RoleView = z.infer<typeof RoleView>;

/** What is wrong with a document, or may be, and where. */
export const DocumentProblem = z.object({
  severity: z.enum(["error", "warning"]),
  /** `spec.rules.0.verbs`; empty: the whole. */
  field: z.string(),
  message: z.string(),
  /** In the text, from 1; null where it was no text. */
  position: z.object({ line: z.int(), column: z.int() }).nullable(),
});
export type DocumentProblem = z.infer<typeof DocumentProblem>;

/** A role with its document. */
export const RoleDetail = RoleView.extend({
  document: RoleDocument,
  /** The document as YAML, in the order of its fields. */
  yaml: z.string(),
  /** Of what one may want to know before it is relied on, such as a cluster's name that no cluster has. */
  warnings: z.array(DocumentProblem),
});
export type RoleDetail = z.infer<typeof RoleDetail>;

export const RoleChange = z.enum(["Create", "Update", "Restore"]);
export type RoleChange = z.infer<typeof RoleChange>;

/** A role as it was after one of its changes. */
export const RoleVersionView = z.object({
  version: z.int(),
  change: RoleChange,
  reason: z.string().nullable().meta({ description: "Why, in the author's words." }),
  author: z.string().meta({ description: "A person's email, an application's name." }),
  createdAt: z.iso.datetime(),
});
export type RoleVersionView = z.infer<typeof RoleVersionView>;

export const RoleVersionDetail = RoleVersionView.extend({
  document: RoleDocument,
  yaml: z.string(),
  /** What changed since the version before, or another that was asked for: a unified diff of the YAML; empty where nothing did. */
  diff: z.string(),
  /** The version that it is compared with; null: it is the first. */
  against: z.int().nullable(),
});
export type RoleVersionDetail = z.infer<typeof RoleVersionDetail>;

export const RoleVersionPage = z.object({
  versions: z.array(RoleVersionView),
  /** `before` of the next page; null: this is the last. */
  next: z.int().nullable(),
});
export type RoleVersionPage = z.infer<typeof RoleVersionPage>;

const VersionNumber = z.coerce.number("takes a version's number").int("takes a version's number").min(1);

export const ListRoleVersionsQuery = z.strictObject({
  before: VersionNumber.optional(),
  limit: z.coerce.number().int().min(1).max(100, "takes at most 100").default(50),
});
export const RoleVersionParameters = z.object({
  id: z.uuid("takes the id of a role"),
  version: VersionNumber,
});
export const GetRoleVersionQuery = z.strictObject({ against: VersionNumber.optional() });

const Reason = z
  .string("takes a text")
  .trim()
  .max(500, "takes at most 500 characters")
  .transform((text) => text || null)
  .nullable()
  .default(null)
  .meta({ description: "Why; kept with the version and in its event." });

const written = {
  /** The role as an object. */
  document: RoleDocument.optional(),
  /** The role as YAML, or as JSON, in one text. */
  yaml: z.string("takes a text").optional(),
};
const ONE_DOCUMENT = {
  path: ["document"],
  message: "takes a role's document, as an object in document or as text in yaml; one of them",
};
const isOne = ({ document, yaml }: { document?: unknown; yaml?: unknown }) =>
  (document === undefined) !== (yaml === undefined);

export const CreateRoleInput = z.strictObject({ ...written, reason: Reason }).refine(isOne, ONE_DOCUMENT);
export type CreateRoleInput = z.input<typeof CreateRoleInput>;

const Version = z
  .int("takes the number of the version that is changed")
  .min(1)
  .meta({ description: "The version that the change is made to. Where the role has another by now: 409." });

export const ReplaceRoleInput = z
  .strictObject({ ...written, version: Version, reason: Reason })
  .refine(isOne, ONE_DOCUMENT);
export type ReplaceRoleInput = z.input<typeof ReplaceRoleInput>;

export const RestoreRoleInput = z.strictObject({
  version: Version,
  restore: z.int("takes the number of the version to restore").min(1),
  reason: Reason,
});
export type RestoreRoleInput = z.input<typeof RestoreRoleInput>;

export const CheckRoleInput = z.strictObject(written).refine(isOne, ONE_DOCUMENT);
export type CheckRoleInput = z.input<typeof CheckRoleInput>;

export const CheckedRole = z.object({
  /** null: it would be refused. */
  document: RoleDocument.nullable(),
  /** In the order of its fields; null: it would be refused. */
  yaml: z.string().nullable(),
  problems: z.array(DocumentProblem),
});
export type CheckedRole = z.infer<typeof CheckedRole>;

/** What is left out stays as it is. */
export const UpdateRoleInput = z
  .strictObject({
    record: RecordingPolicy.optional(),
    recordInput: z.boolean("takes true or false").optional(),
    requests: RoleRequests.nullable()
      .optional()
      .meta({ description: "How people may ask for the role; null: they may not." }),
  })
  .refine((change) => Object.values(change).some((value) => value !== undefined), {
    message: "takes record, recordInput, requests or several of them",
  });
export type UpdateRoleInput = z.input<typeof UpdateRoleInput>;
