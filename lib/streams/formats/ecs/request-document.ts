import type { StreamRecord } from "../../surfaces/stream-record.ts";
import { asIs, otherFields, snakeCase } from "../facts/other-fields.ts";
import { callerOf, decisionOf, present, resourceOf } from "../facts/record-facts.ts";
import { beginDocument, ownFields, relatedOf, sourceOf } from "./document.ts";

type RequestRecord = Extract<StreamRecord, { surface: "requests" }>;
type Call = RequestRecord["entry"];

const TYPE_OF_VERB: Readonly<Record<string, string>> = {
  create: "creation",
  get: "access",
  list: "access",
  watch: "access",
  update: "change",
  patch: "change",
  delete: "deletion",
  deletecollection: "deletion",
};
/** Kubernetes calls them `create`, and nothing is created. */
const SESSIONS: ReadonlySet<string> = new Set(["exec", "attach", "portforward", "proxy"]);

const others = otherFields(
  "requests",
  [
    "no",
    "executedAt",
    "result",
    "name",
    "email",
    "clientIp",
    "clusterName",
    "clusterEndpoint",
    "namespace",
    "resource",
    "resourceName",
    "message",
    "httpStatus",
    "durationMs",
    "impersonatedUser",
    "clientName",
    "command",
    "exitCode",
    "bytesIn",
    "bytesOut",
  ],
  snakeCase,
  asIs,
);

/** A call through the gateway. */
export function requestDocument(record: RequestRecord): object {
  const { entry } = record;
  const { path } = resourceOf(entry);
  return {
    ...beginDocument(record, {
      category: ["api"],
      type: typesOf(entry),
      action: [entry.verb, entry.resource].filter(Boolean).join(" ") || "call",
      succeeded: entry.result === undefined ? undefined : entry.result === "success",
      durationMs: entry.durationMs,
      reason: entry.message,
    }),
    message: present(entry.message),
    user: {
      name: callerOf(entry),
      full_name: present(entry.name),
      email: present(entry.email),
      effective: entry.impersonatedUser ? { name: entry.impersonatedUser } : undefined,
    },
    source: sourceOf(entry.clientIp),
    user_agent: entry.clientName ? { original: entry.clientName } : undefined,
    http: {
      request: { bytes: present(entry.bytesIn) },
      response: { status_code: present(entry.httpStatus), bytes: present(entry.bytesOut) },
    },
    url: path ? { path } : undefined,
    process:
      entry.command || typeof entry.exitCode === "number"
        ? { command_line: present(entry.command), exit_code: present(entry.exitCode) }
        : undefined,
    orchestrator: {
      type: "kubernetes",
      cluster: { name: present(entry.clusterName), url: present(entry.clusterEndpoint) },
      namespace: present(entry.namespace),
      resource: path ? undefined : { type: present(entry.resource), name: present(entry.resourceName) },
    },
    related: relatedOf([entry.email, entry.name, entry.impersonatedUser], entry.clientIp),
    kubewitness: ownFields(others(entry)),
  };
}

/** What was done, and what the gateway said to it. */
function typesOf(entry: Call): string[] {
  const { subresource = "" } = resourceOf(entry);
  const decision = decisionOf(entry);
  const session = SESSIONS.has(subresource) ? (entry.stage === "end" ? "end" : "start") : undefined;
  return [
    session ?? TYPE_OF_VERB[entry.verb ?? ""] ?? "info",
    ...(decision ? [decision === "allow" ? "allowed" : "denied"] : []),
  ];
}
