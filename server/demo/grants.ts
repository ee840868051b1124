import { listGrants } from "../../lib/access/grants/data.ts";
import { createGrant } from "../../lib/access/grants/mutations.ts";
import type { Context } from "../../lib/context.ts";
import { ACME_ADMINISTRATOR_GROUP, ACME_AUDITOR_GROUP, ACME_DEVELOPER_GROUP } from "./acme-people.ts";

const GRANTS = [
  { role: "cluster-admin", subject: ACME_ADMINISTRATOR_GROUP, namespaces: [] },
  { role: "read-only", subject: ACME_AUDITOR_GROUP, namespaces: [] },
  { role: "developer", subject: ACME_DEVELOPER_GROUP, namespaces: ["payments"] },
];

/** Grants the demo's groups their roles on its cluster, where none of them has one there. */
export async function ensureDemoGrants(ctx: Context, cluster: string): Promise<void> {
  const present = (await listGrants({ ctx })).grants.filter((grant) => grant.cluster?.name === cluster);
  // Whoever tries to revoke one wants it to stay revoked after a restart.
  if (present.length > 0) return;
  for (const grant of GRANTS) await createGrant({ ctx, input: { ...grant, subjectKind: "group", cluster } });
}
