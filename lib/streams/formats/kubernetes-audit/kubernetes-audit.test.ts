import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { StreamRecord } from "../../surfaces/stream-record.ts";
import { callRecord, eventRecord, recordingRecord } from "../../testing/records.ts";
import { variants } from "../../testing/variants.ts";
import { kubernetesAudit } from "./kubernetes-audit.ts";

// Kubernetes' own types, field by field: k8s.io/apiserver/pkg/apis/audit/v1/types.go, k8s.io/api/authentication/v1 and apimachinery's meta/v1.

const MicroTime = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
const UserInfo = z.strictObject({
  username: z.string().optional(),
  uid: z.string().optional(),
  groups: z.array(z.string()).optional(),
  extra: z.record(z.string(), z.array(z.string())).optional(),
});
const ObjectReference = z.strictObject({
  resource: z.string().optional(),
  namespace: z.string().optional(),
  name: z.string().optional(),
  uid: z.string().optional(),
  apiGroup: z.string().optional(),
  apiVersion: z.string().optional(),
  resourceVersion: z.string().optional(),
  subresource: z.string().optional(),
});
const Status = z.strictObject({
  metadata: z.strictObject({}),
  status: z.enum(["Success", "Failure"]).optional(),
  message: z.string().optional(),
  reason: z.string().optional(),
  code: z.int32().optional(),
});
/** A qualified name: https://kubernetes.io/docs/concepts/overview/working-with-objects/annotations/ */
const AnnotationName = z
  .string()
  .regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?\/[A-Za-z0-9]([-\w.]{0,61}[A-Za-z0-9])?$/);
const AuditEvent = z.strictObject({
  kind: z.literal("Event"),
  apiVersion: z.literal("audit.k8s.io/v1"),
  level: z.enum(["None", "Metadata", "Request", "RequestResponse"]),
  auditID: z.string().min(1),
  stage: z.enum(["RequestReceived", "ResponseStarted", "ResponseComplete", "Panic"]),
  requestURI: z.string(),
  verb: z.string(),
  user: UserInfo,
  impersonatedUser: UserInfo.optional(),
  sourceIPs: z.array(z.string()).optional(),
  userAgent: z.string().optional(),
  objectRef: ObjectReference.optional(),
  responseStatus: Status.optional(),
  requestReceivedTimestamp: MicroTime,
  stageTimestamp: MicroTime,
  annotations: z.record(AnnotationName, z.string()),
});

const encode = (record: StreamRecord) => JSON.parse(kubernetesAudit.encode(record));

describe("audit.k8s.io/v1", () => {
  test.each(variants())("%s is an Event of Kubernetes' types", (_, record) => {
    expect(AuditEvent.parse(encode(record))).toEqual(encode(record));
  });

  test("a session's end is told as a cluster tells it, with what the gateway decided", () => {
    const event = encode(callRecord());
    expect(event).toMatchObject({
      auditID: callRecord().entry.auditId,
      stage: "ResponseComplete",
      verb: "create",
      user: { username: "alice@example.org", groups: ["shop-operators", "oncall"] },
      impersonatedUser: { username: "system:serviceaccount:shop:deployer", groups: ["deployers"] },
      sourceIPs: ["203.0.113.7"],
      userAgent: "kubectl/v1.36.2",
      objectRef: {
        resource: "pods",
        subresource: "exec",
        namespace: "shop",
        name: "web-0",
        apiGroup: "apps",
      },
      responseStatus: { metadata: {}, code: 101 },
      requestReceivedTimestamp: "2026-03-01T09:30:00.123000Z",
      stageTimestamp: "2026-03-01T09:30:08.535000Z",
    });
    expect(event.annotations).toMatchObject({
      "authorization.k8s.io/decision": "allow",
      "authorization.k8s.io/reason": 'kubewitness.io: allowed by the role "shop-operator"',
      "kubewitness.io/role": "shop-operator",
      "kubewitness.io/cluster-name": "prod-eu",
      "kubewitness.io/projects": "webshop",
      "kubewitness.io/no": "4211",
    });
  });

  test("a start and its end share an id and differ in their stage", () => {
    const [start, end] = [encode(callRecord({ stage: "start" })), encode(callRecord({ stage: "end" }))];
    expect(start.auditID).toBe(end.auditID);
    expect([start.stage, end.stage]).toEqual(["ResponseStarted", "ResponseComplete"]);
    expect(start.stageTimestamp).toBe(start.requestReceivedTimestamp);
  });

  test("a denial, a stranger, a path and a call that was cut off", () => {
    const denied = encode(
      callRecord({ role: null, httpStatus: 403, result: "failure", message: "no role allows it" }),
    );
    expect(denied.annotations["authorization.k8s.io/decision"]).toBe("forbid");
    expect(denied.responseStatus).toEqual({
      metadata: {},
      status: "Failure",
      message: "no role allows it",
      code: 403,
    });
    const stranger = encode(
      callRecord({ name: null, email: null, kubernetesGroups: [], role: null, httpStatus: 401 }),
    );
    expect(stranger.user).toEqual({ username: "system:anonymous", groups: ["system:unauthenticated"] });
    const path = encode(callRecord({ resource: "/healthz", resourceName: null, verb: "get" }));
    expect([path.requestURI, path.objectRef]).toEqual(["/healthz", undefined]);
    expect(encode(callRecord({ stage: "interrupted", httpStatus: null })).stage).toBe("Panic");
  });

  test("what is no call of a cluster is one for an object of Kubewitness' own group", () => {
    expect(encode(eventRecord())).toMatchObject({
      verb: "delete",
      user: { username: "carol.source@example.org" },
      objectRef: { resource: "accessgrant", apiGroup: "kubewitness.io", name: "bob on prod-eu" },
      responseStatus: { status: "Failure", message: "the grant has ended already" },
      annotations: { "kubewitness.io/operation": "Revoke" },
    });
    const recording = encode(recordingRecord());
    expect(recording).toMatchObject({
      auditID: recordingRecord().entry.recordingId,
      objectRef: { resource: "recordings", apiGroup: "kubewitness.io", namespace: "billing" },
      annotations: { "kubewitness.io/pod": "ledger-1", "kubewitness.io/ending": "terminated" },
    });
    // The session's call has the same pod, and is not counted twice.
    expect(recording.auditID).not.toBe(recordingRecord().entry.auditId);
  });
});
