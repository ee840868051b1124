import { z } from "zod";
import { issuersInEffect } from "../../config/issuer.ts";
import { config } from "../../config.ts";
import { gatewayPool } from "../../db/connection.ts";
import { log } from "../../log.ts";
import type { GrantRow } from "../policy/compile.ts";
import { compileRule } from "../policy/rule.ts";
import { type GrantOrigin, PolicyRule, type RecordingPolicy } from "../policy/schema.ts";
import { loadScopes, type RunQuery, SCOPES_FINGERPRINT, type Scopes, scopeOf } from "../scopes/load.ts";

const Rules = z.array(PolicyRule);

interface Row {
  grant_id: string;
  subject_kind: GrantRow["subjectKind"];
  subject: string;
  cluster_id: string | null;
  namespaces: string[];
  project_id: string | null;
  department_id: string | null;
  node_pool_id: string | null;
  agent_tag: string | null;
  expires_at: Date | null;
  origin: GrantOrigin;
  role_id: string;
  role_name: string;
  rules: unknown;
  kubernetes_user: string | null;
  kubernetes_groups: string[];
  impersonate_users: string[];
  impersonate_groups: string[];
  record: RecordingPolicy;
  record_input: boolean;
  audit_reads: boolean | null;
}

// Grants that expired lately allow nothing, but a denial can say so. Groups of a provider that is not configured do not count.
const SELECT = `
  select g.id as grant_id, g.subject_kind, g.subject_id::text as subject, g.cluster_id,
    coalesce(g.namespaces, '{}') as namespaces, g.project_id, g.department_id, g.node_pool_id,
    g.agent_tag, g.expires_at, g.origin, r.id as role_id, r.name as role_name, r.rules, r.kubernetes_user, coalesce(r.kubernetes_groups, '{}') as kubernetes_groups,
    coalesce(r.impersonate_users, '{}') as impersonate_users, coalesce(r.impersonate_groups, '{}') as impersonate_groups,
    r.record, r.record_input, r.audit_reads
  from grants g
  join roles r on r.id = g.role_id
  left join groups gr on g.subject_kind = 'group' and gr.id = g.subject_id
  where g.revoked_at is null and (g.expires_at is null or g.expires_at > now() - interval '30 days')
    and (g.subject_kind <> 'group' or gr.issuer = any($1))`;

/** A role whose rules are not understood denies everything: leaving out a rule could leave out a denial. */
const DENY_ALL: PolicyRule[] = [
  PolicyRule.parse({
    effect: "deny",
    apiGroups: ["*"],
    resources: ["*"],
    verbs: ["*"],
    nonResourceURLs: ["*"],
  }),
];

function readRules(row: Row): PolicyRule[] {
  try {
    const rules = Rules.parse(row.rules);
    // An expression that another version took may be one that this one refuses.
    rules.forEach(compileRule);
    return rules;
  } catch (error) {
    log.error(
      { role: row.role_name, reason: error instanceof Error ? error.message : String(error) },
      "the rules of a role are not understood: it denies everything",
    );
    return DENY_ALL;
  }
}

const run: RunQuery = async <R extends object>(text: string) => (await gatewayPool().query<R>(text)).rows;

/** Projects, departments and node pools, as grants name them. */
export const loadCurrentScopes = (): Promise<Scopes> => loadScopes(run);

/** Every grant that may count, with its role. `scopes`: where they were read already. */
export async function loadGrantRows(given?: Scopes): Promise<GrantRow[]> {
  const scopes = given ?? (await loadCurrentScopes());
  const { rows } = await gatewayPool().query<Row>(SELECT, [issuersInEffect(config())]);
  const roles = new Map<string, PolicyRule[]>();
  const rulesOf = (row: Row) => {
    const rules = roles.get(row.role_id) ?? readRules(row);
    roles.set(row.role_id, rules);
    return rules;
  };
  return rows.map((row) => ({
    grantId: row.grant_id,
    subjectKind: row.subject_kind,
    subject: row.subject,
    clusterId: row.cluster_id,
    namespaces: row.namespaces,
    scope: scopeOf(scopes, {
      projectId: row.project_id,
      departmentId: row.department_id,
      nodePoolId: row.node_pool_id,
    }),
    agentTag: row.agent_tag,
    expiresAt: row.expires_at,
    origin: row.origin,
    role: {
      id: row.role_id,
      name: row.role_name,
      rules: rulesOf(row),
      kubernetesUser: row.kubernetes_user,
      kubernetesGroups: row.kubernetes_groups,
      impersonateUsers: row.impersonate_users,
      impersonateGroups: row.impersonate_groups,
      recording: { record: row.record, recordInput: row.record_input },
      auditReads: row.audit_reads,
    },
  }));
}

// Grants are added and revoked, roles are changed, groups go over to another provider. A grant goes over to another group only where its own
// is deleted.
const FINGERPRINT = `
  select concat_ws(' ',
    (select concat_ws(' ', count(*), count(revoked_at), max(created_at), max(changed_at), max(revoked_at)) from grants),
    (select concat_ws(' ', count(*), max(updated_at)) from roles),
    (select concat_ws(' ', count(*), sum(hashtextextended(concat_ws(' ', id, issuer), 0))) from groups),${SCOPES_FINGERPRINT}) as fingerprint`;

/** Differs whenever the rows do: what a poll compares. */
export async function readAccessFingerprint(): Promise<string> {
  const { rows } = await gatewayPool().query<{ fingerprint: string }>(FINGERPRINT);
  return rows[0]?.fingerprint ?? "";
}
