import type { StreamRecord } from "../../surfaces/stream-record.ts";

/** The group of what is Kubewitness' own: of its objects in `objectRef`, and before the annotations' names. */
export const HOUSE = "kubewitness.io";
export const VERSION = "v1";

/** `authentication/v1.UserInfo` */
interface UserInfo {
  username: string;
  uid?: string;
  groups?: readonly string[];
  extra?: Record<string, readonly string[]>;
}

interface AuditEvent {
  auditID: string;
  stage: "ResponseStarted" | "ResponseComplete" | "Panic";
  requestURI: string;
  verb: string;
  user: UserInfo;
  impersonatedUser?: UserInfo;
  sourceIPs?: readonly string[];
  userAgent?: string;
  objectRef?: object;
  responseStatus?: object;
  /** Milliseconds since 1970. */
  receivedAt: number;
  stageAt: number;
  annotations: Record<string, string>;
}

/** An event in the order that a cluster writes its fields in. */
export function writeEvent(record: StreamRecord, event: AuditEvent): object {
  return {
    kind: "Event",
    apiVersion: "audit.k8s.io/v1",
    level: "Metadata",
    auditID: event.auditID,
    stage: event.stage,
    requestURI: event.requestURI,
    verb: event.verb,
    user: event.user,
    impersonatedUser: event.impersonatedUser,
    sourceIPs: event.sourceIPs,
    userAgent: event.userAgent,
    objectRef: event.objectRef,
    responseStatus: event.responseStatus,
    requestReceivedTimestamp: microTime(event.receivedAt),
    stageTimestamp: microTime(event.stageAt),
    annotations: annotate(event.annotations, record),
  };
}

/** `metav1.MicroTime`: six digits of the second. */
const microTime = (at: number) => `${new Date(at).toISOString().slice(0, -1)}000Z`;

export const annotationName = (key: string) =>
  `${HOUSE}/${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
/** Annotations are text: lists are joined by commas. */
export const annotationText = (value: unknown) => (Array.isArray(value) ? value.join(",") : String(value));

/** Adds what names the record. */
function annotate(
  annotations: Record<string, string>,
  { id, no, installation, surface, test }: StreamRecord,
): Record<string, string> {
  annotations["kubewitness.io/id"] = id;
  annotations["kubewitness.io/no"] = String(no);
  annotations["kubewitness.io/surface"] = surface;
  annotations["kubewitness.io/installation"] = installation;
  if (test) annotations["kubewitness.io/test"] = "true";
  return annotations;
}

/** `metav1.Status` as a cluster's log has it: a message only where something failed. */
export function statusOf({
  failed,
  code,
  message,
}: {
  failed: boolean;
  code?: number | null;
  message?: string | null;
}): object {
  return {
    metadata: {},
    ...(failed ? { status: "Failure", message: message ?? undefined } : null),
    code: code ?? undefined,
  };
}
