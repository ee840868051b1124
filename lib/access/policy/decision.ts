import type { Actor } from "../../context.ts";
import type { RequestAttributes } from "./request-attributes.ts";

/** What the client asked for with --as and --as-group: well-formed already (one user, no Uid, no Extra). */
export interface Impersonation {
  user: string;
  groups: readonly string[];
}

export interface DecisionInput {
  actor: Actor;
  cluster: { id: string; name: string };
  requestInfo: RequestAttributes;
  impersonation: Impersonation | null;
  clientIp: string | null;
  /** Asks again of a call that this role allowed: no other role's groups are those that it runs as. */
  onlyRoleId?: string;
}

export type Decision =
  | {
      allowed: true;
      /** The role that allowed the call, by name. */
      role: string;
      roleId: string;
      grantId: string;
      /** The identity to impersonate upstream. The API server itself adds system:authenticated. */
      impersonate: { user: string; groups: string[]; extra: Record<string, string[]> };
    }
  /** `reason`: the message of the 403 Status: who may not do what, why, and what to do next. */
  | { allowed: false; reason: string };
