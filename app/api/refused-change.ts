import type { EntityType } from "../../lib/audit/columns/event-history/values/schema.ts";
import { actionOfMethod } from "../../lib/audit/events/action-of-method.ts";
import { recordEventAlone } from "../../lib/audit/events/record.ts";
import type { Context } from "../../lib/context.ts";
import { AppError } from "../../lib/errors.ts";

/** What is changed below an address of the API. */
const ENTITIES: Readonly<Record<string, EntityType>> = {
  "access-requests": "AccessRequest",
  agents: "TunnelAgent",
  alerts: "Alert",
  "alert-channels": "Alert",
  applications: "Applications",
  clusters: "Cluster",
  departments: "Department",
  grants: "AccessGrant",
  groups: "Group",
  kubeconfig: "ApiKey",
  logins: "Login",
  me: "User",
  "node-pools": "NodePool",
  oauth: "Login",
  projects: "Project",
  providers: "Provider",
  recordings: "Recording",
  roles: "Role",
  "saved-views": "SavedView",
  "scim-tokens": "ApiKey",
  sessions: "Session",
  settings: "Settings",
  streams: "Stream",
  terminals: "TerminalSession",
  tokens: "ApiKey",
  users: "User",
  webhooks: "Webhook",
};

/** What a change at this path of the API would change; null where nobody is asked for a permission, or what is sent changes nothing. */
export const entityOfPath = (path: string): EntityType | null =>
  ENTITIES[/^\/api\/v1\/([^/]+)/.exec(path)?.[1] ?? ""] ?? null;

const ID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/i;

/** Records that somebody known was refused a change for want of a permission: no verb was asked, which would have written an event. */
export async function recordRefusedChange(ctx: Context, request: Request, error: unknown): Promise<void> {
  const action = actionOfMethod(request.method);
  const path = new URL(request.url).pathname;
  const entityType = entityOfPath(path);
  if (action === undefined || entityType === null || ctx.actor.kind === "anonymous") return;
  if (!(error instanceof AppError) || error.code !== "permission_denied") return;
  const entityId = ID.exec(path)?.[0] ?? null;
  await recordEventAlone(ctx, {
    action,
    entityType,
    entityId,
    entityName: entityId ?? `${request.method} ${path}`,
    status: "Failed",
    error: error.message,
  });
}
