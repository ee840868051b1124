import type { KubeRequestEntry } from "./entry.ts";

/** `kube_request_day_kind.kind` */
export const DAY_KIND_CODE = { denied: 0, session: 1 } as const;

/** What opens a session, as `resource` names it. */
export const SESSION_RESOURCES: readonly string[] = ["pods/exec", "pods/attach", "pods/portforward"];

/** As which of the kinds an entry is counted a day: what the gateway denied, and the start of a session. */
export function dayKindOf(entry: KubeRequestEntry): number | null {
  if (entry.result === "failure" && !entry.role) return DAY_KIND_CODE.denied;
  if (entry.stage === "start" && SESSION_RESOURCES.includes(entry.resource ?? ""))
    return DAY_KIND_CODE.session;
  return null;
}
