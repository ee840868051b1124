import { noteGrantUse } from "../../access/grants/use/noted-uses.ts";
import type { Impersonation, Permit } from "../../access/policy/decision.ts";
import { Refusal } from "../answer/refusal.ts";
import type { Call } from "../call/call.ts";
import type { Caller } from "../call/caller.ts";
import { circumstancesOf } from "../call/circumstances.ts";
import type { Gateway, GatewayCluster } from "../call/gateway.ts";
import { isLegacyProxy, LEGACY_PROXY_REFUSED, type RequestInfo } from "../request/request-info.ts";
import { readRequestedImpersonation } from "../request/requested-impersonation.ts";
import { sessionKindOf } from "../request/session-kind.ts";
import { noteProjects } from "./note-projects.ts";

export interface Authorization {
  permit: Permit;
  impersonation: Impersonation | null;
}

/** Whether a role allows the call, also as the identity that the client wants to stand in for. */
export function authorize(
  gateway: Gateway,
  call: Call,
  {
    caller,
    cluster,
    info,
    node,
  }: { caller: Caller; cluster: GatewayCluster; info: RequestInfo; node: string | null },
): Authorization | Refusal {
  const nodeLabels = node === null ? null : gateway.nodes.labelsOf(cluster.id, node);
  noteProjects(gateway, call, { cluster, info, nodeLabels });
  const { terminal } = caller.authenticated;
  if (terminal && terminal.clusterId !== cluster.id) {
    return new Refusal(
      "Forbidden",
      "the web shell's terminal is another cluster's; open one for this cluster",
    );
  }
  const requested = readRequestedImpersonation(call.request.rawHeaders);
  const { impersonation } = requested;
  if (impersonation !== null) call.record.setImpersonation(impersonation.user, impersonation.groups);
  if (requested.refusal !== null) return requested.refusal;
  if (info.isResourceRequest && info.verb === "" && !isProxiedOptions(call, info)) {
    return new Refusal("MethodNotAllowed", `the method ${call.request.method} is not taken on a resource`);
  }
  if (isLegacyProxy(info)) return new Refusal("Forbidden", LEGACY_PROXY_REFUSED);
  const decision = gateway.decide({
    actor: caller.authenticated.actor,
    cluster,
    attributes: info,
    nodeLabels,
    circumstances: circumstancesOf(call.record, {
      sessionKind: sessionKindOf(info),
      authenticated: caller.authenticated,
    }),
    impersonation,
  });
  if (!decision.allowed) return new Refusal("Forbidden", decision.reason);
  call.record.role = decision.role;
  call.record.grantId = decision.grantId;
  call.record.grantOrigin = decision.grantOrigin;
  noteGrantUse(decision.grantId);
  call.record.kubernetesGroups = decision.impersonate.groups;
  // A session of another protocol may be opened by a GET, and is no read all the same.
  call.record.auditReads = info.unwatched ? true : decision.auditReads;
  return { permit: decision, impersonation };
}

/** kube-apiserver passes OPTIONS to proxied programs, as the verb "", which only the verb `*` of a rule covers. */
function isProxiedOptions({ request }: Call, info: RequestInfo): boolean {
  return request.method === "OPTIONS" && info.subresource === "proxy";
}
