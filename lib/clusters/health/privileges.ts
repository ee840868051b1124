import { z } from "zod";
import type { ClusterFinding } from "../schema.ts";
import type { Upstream } from "../upstream.ts";
import { ask } from "./ask.ts";

/** https://kubernetes.io/docs/reference/kubernetes-api/authorization-resources/self-subject-access-review-v1/ */
const REVIEW_PATH = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
const Review = z.object({ status: z.object({ allowed: z.boolean() }) });

interface Question {
  resourceAttributes: { verb: string; group?: string; resource: string; name?: string };
  finding: Omit<ClusterFinding, "step">;
}

const NEEDED: Question = {
  resourceAttributes: { verb: "impersonate", resource: "users" },
  finding: {
    severity: "failing",
    problem: "its account may not impersonate people, so that every call will be refused there",
    next: "Apply deploy/cluster-rbac.yaml to the cluster.",
  },
};

const NARROW =
  "Give the gateway the account of deploy/cluster-rbac.yaml, which may impersonate and nothing else.";
const READS_SECRETS: Question["finding"] = {
  severity: "unsafe",
  problem: "the gateway's own account may read every secret by itself",
  next: NARROW,
};
const UNWANTED: readonly Question[] = [
  {
    resourceAttributes: { verb: "impersonate", resource: "groups", name: "system:masters" },
    finding: {
      severity: "unsafe",
      problem: "the gateway's own account may impersonate system:masters, whom no rule of the cluster binds",
      next: "Name the groups that the account may impersonate (resourceNames), as deploy/cluster-rbac.yaml does.",
    },
  },
  { resourceAttributes: { verb: "list", resource: "secrets" }, finding: READS_SECRETS },
  { resourceAttributes: { verb: "get", resource: "secrets" }, finding: READS_SECRETS },
  {
    resourceAttributes: { verb: "create", resource: "pods" },
    finding: {
      severity: "unsafe",
      problem: "the gateway's own account may run pods by itself",
      next: NARROW,
    },
  },
  {
    resourceAttributes: { verb: "bind", group: "rbac.authorization.k8s.io", resource: "clusterroles" },
    finding: {
      severity: "unsafe",
      problem: "the gateway's own account may give rights by itself (bind)",
      next: NARROW,
    },
  },
];

/** Whether the gateway's own account may what it needs, and nothing more: what the cluster itself says of it. */
export async function checkPrivileges(upstream: Upstream, signal: AbortSignal): Promise<ClusterFinding[]> {
  const needed = await mayI(upstream, NEEDED, signal);
  const others = await Promise.all(UNWANTED.map((question) => mayI(upstream, question, signal)));
  const unwanted = new Set(UNWANTED.filter((_, index) => others[index]).map(({ finding }) => finding));
  const untold = [needed, ...others].includes(null);
  return [
    ...(needed === false ? [{ step: "impersonation" as const, ...NEEDED.finding }] : []),
    ...[...unwanted].map((finding) => ({ step: "privileges" as const, ...finding })),
    ...(untold ? [UNTOLD] : []),
  ];
}

const UNTOLD: ClusterFinding = {
  step: "privileges",
  severity: "warning",
  problem: "the cluster does not say what the gateway's own account may (SelfSubjectAccessReview)",
  next: "Bind the account to system:basic-user, which every cluster has.",
};

/** Null: the cluster does not say. */
async function mayI(upstream: Upstream, question: Question, signal: AbortSignal): Promise<boolean | null> {
  const body = {
    apiVersion: "authorization.k8s.io/v1",
    kind: "SelfSubjectAccessReview",
    spec: { resourceAttributes: question.resourceAttributes },
  };
  const answer = await ask(upstream, { method: "POST", path: REVIEW_PATH, body, signal });
  const review = Review.safeParse(answer.body);
  return answer.status === 201 && review.success ? review.data.status.allowed : null;
}
