import { auditScope } from "../../../../lib/access/permission.ts";
import { listK8sAudit } from "../../../../lib/audit/log/k8s-audit.ts";
import { K8sAuditQuery } from "../../../../lib/audit/log/schema.ts";
import { handle } from "../../../api/handle.ts";

export const dynamic = "force-dynamic";

/** RFC 9745: deprecated since 2026-11-20; RFC 5829 names the successor. */
const DEPRECATED = { Deprecation: "@1795132800", Link: '</api/v1/audit/log>; rel="successor-version"' };

export const GET = handle({ permission: null, query: K8sAuditQuery }, async ({ ctx, query }) => {
  const records = await listK8sAudit({ ctx, scope: auditScope(ctx), query });
  const headers = new Headers(DEPRECATED);
  if (query.download === "true") headers.set("Content-Disposition", 'attachment; filename="logs.json"');
  return Response.json(records, { headers });
});
