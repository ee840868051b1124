import type { Actor } from "../../context.ts";
import type { Circumstances } from "./circumstances.ts";
import type { Labels } from "./labels.ts";
import type { RequestAttributes } from "./request-attributes.ts";
import type { GrantOrigin, RoleRecording } from "./schema.ts";

/** What the client asked for with --as and --as-group: well-formed already (one user, no Uid, no Extra). */
export interface Impersonation {
  user: string;
  groups: readonly string[];
}

export interface DecisionInput {
  actor: Actor;
  /** Without labels it counts as one whose labels are not known. */
  cluster: { id: string; name: string; labels?: Labels | null };
  /** Of the call's namespace; null, or left out: not known. */
  namespaceLabels?: Labels | null;
  attributes: RequestAttributes;
  /** The labels of the node that the call is about, by its name or its pod's; null or left out where they are not known. */
  nodeLabels?: Readonly<Record<string, string>> | null;
  circumstances: Circumstances;
  impersonation: Impersonation | null;
  /** Asks again of a call that this grant allowed: what another allows is another call. */
  onlyGrantId?: string;
}

/** What allowed a call, and as whom it is made. Never changed. */
export interface Permit {
  allowed: true;
  /** The role that allowed the call, by name. */
  role: string;
  roleId: string;
  grantId: string;
  grantOrigin: GrantOrigin;
  /** Of a cluster that is called through agents: the tag of those that may carry the call; null: as the cluster says. */
  agentTag: string | null;
  /** The identity to impersonate upstream. The API server itself adds system:authenticated. */
  impersonate: {
    readonly user: string;
    readonly groups: readonly string[];
    readonly extra: Readonly<Record<string, readonly string[]>>;
  };
  /** Whether the sessions of that role are recorded, as of now: a session goes on by what its role said when it began. */
  recording: RoleRecording;
  /** Whether the role's reads are recorded; null: as the installation is set. */
  auditReads: boolean | null;
  /** Until when, in milliseconds since the epoch, this stands if nothing passes but time; then it is to be asked again. */
  until: number;
}

/** `reason`: the message of the 403 Status: who may not do what, why, and what to do next. */
export type Decision = Permit | { allowed: false; reason: string };
