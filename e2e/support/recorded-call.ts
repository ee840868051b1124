import { expect } from "@playwright/test";
import { RequestAuditEntry } from "../../lib/audit/request-audit/schema.ts";
import { CLUSTER } from "./cluster.ts";
import { clusterEndpoint } from "./installation.ts";
import type { DemoPerson } from "./kubectl.ts";

const PEOPLE: Record<DemoPerson, { name: string; email: string; role: string }> = {
  alice: { name: "Alice Moreau", email: "alice@acme.example", role: "developer" },
  admin: { name: "Lena Hoffmann", email: "lena@acme.example", role: "cluster-admin" },
  auditor: { name: "Chidi Okonkwo", email: "chidi@acme.example", role: "read-only" },
};

export const emailOf = (person: DemoPerson): string => PEOPLE[person].email;

type Matcher = ReturnType<typeof expect.any>;

/** An entry as a test expects it: each column a value, or what a value must be like. */
export type ExpectedCall = { [Column in keyof RequestAuditEntry]: RequestAuditEntry[Column] | Matcher };

/** One of these values. */
export function oneOf(...values: unknown[]): Matcher {
  return { asymmetricMatch: (value: unknown) => values.includes(value), toString: () => `OneOf<${values}>` };
}

/** What a test says of a call; the rest follows. */
export type CallClaims = Pick<ExpectedCall, "verb" | "resource"> & Partial<ExpectedCall>;

export interface Caller {
  as: DemoPerson;
  /** Of kubectl, e.g. `1.33`. */
  version: string;
  /** As kubectl claims it; null for 1.20, which says nothing. */
  command: string | null;
}

/** A column that most calls have no value for needs no line below. */
const NOTHING_KNOWN = Object.fromEntries(
  Object.keys(RequestAuditEntry.shape).map((column) => [column, null]),
) as Record<keyof RequestAuditEntry, null>;

/**
 * A call of the demo's people as the record should have it, every column of it: what is not claimed is that of an ordinary call
 * in the tests' namespace which succeeded.
 */
export function recordedCall(caller: Caller, claims: CallClaims): ExpectedCall {
  const { name, email, role: usual } = PEOPLE[caller.as];
  const stage = claims.stage ?? "complete";
  const isOver = stage !== "start";
  const role = claims.role === undefined ? usual : claims.role;
  return {
    ...NOTHING_KNOWN,
    no: expect.any(Number),
    executedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    result: Number(claims.httpStatus ?? 200) < 400 ? "success" : "failure",
    name,
    email,
    role,
    clientIp: "127.0.0.1",
    clusterName: CLUSTER.name,
    clusterEndpoint: clusterEndpoint(),
    namespace: CLUSTER.namespace,
    resourceName: null,
    message: null,
    httpStatus: 200,
    durationMs: isOver ? expect.any(Number) : null,
    kubernetesGroups: role === null ? [] : [`kubewitness:${role}`],
    impersonatedUser: null,
    impersonatedGroups: [],
    clientName: expect.stringMatching(new RegExp(`^kubectl[^/]*/v${caller.version.replace(".", "\\.")}\\.`)),
    accessMethod: "CLI",
    command: caller.command,
    sessionId:
      caller.command === null ? null : expect.stringMatching(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/),
    auditId: expect.stringMatching(/^[\da-f-]{36}$/),
    stage,
    exitCode: null,
    bytesIn: isOver ? 0 : null,
    bytesOut: isOver ? expect.any(Number) : null,
    apiGroup: null,
    projects: [],
    departments: [],
    nodePools: [],
    grantId: role === null ? null : expect.stringMatching(/^[\da-f-]{36}$/),
    grantOrigin: role === null ? null : "grant",
    ...claims,
  };
}

/** The two rows of a long-running call. */
export function startAndEnd(
  claims: CallClaims,
  start: Partial<CallClaims>,
  end: Partial<CallClaims>,
): CallClaims[] {
  return [
    { ...claims, stage: "start", ...start },
    { ...claims, stage: "end", ...end },
  ];
}
