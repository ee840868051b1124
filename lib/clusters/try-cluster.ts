import { request } from "undici";
import { z } from "zod";
import { AppError } from "../errors.ts";
import { chooseTransport } from "./choose-transport.ts";
import type { RegisteredCluster } from "./registry.ts";
import { openUpstream, type Upstream } from "./upstream.ts";

const DEADLINE_MS = 5_000;
const MAX_ANSWER_BYTES = 64 * 1024;

/** May the gateway speak for people there? https://kubernetes.io/docs/reference/kubernetes-api/authorization-resources/self-subject-access-review-v1/ */
const REVIEW_PATH = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
const REVIEW = JSON.stringify({
  apiVersion: "authorization.k8s.io/v1",
  kind: "SelfSubjectAccessReview",
  spec: { resourceAttributes: { verb: "impersonate", resource: "users" } },
});
const Review = z.object({ status: z.object({ allowed: z.boolean() }) });
const Version = z.object({ gitVersion: z.string() });

/**
 * Calls a cluster as the gateway will: whether it answers, takes the credential, and lets its account impersonate.
 * @returns what keeps calls from working, in words; null where nothing does. At most 5 s.
 */
export async function tryCluster(cluster: RegisteredCluster): Promise<string | null> {
  let upstream: Upstream | undefined;
  try {
    upstream = openUpstream(cluster, chooseTransport(cluster));
    return await within(DEADLINE_MS, ask(upstream));
  } catch (error) {
    return explain(error);
  } finally {
    void upstream?.dispatcher.destroy();
  }
}

async function ask(upstream: Upstream): Promise<string | null> {
  const version = await call(upstream, "GET", "/version");
  if (version.status === 401) return "it does not take the credential (401)";
  // A cluster may keep its version to itself.
  if (version.status !== 403 && !(version.status === 200 && Version.safeParse(version.body).success)) {
    return `at that address answers something that is no Kubernetes API server (${version.status} for /version)`;
  }
  const review = await call(upstream, "POST", REVIEW_PATH, REVIEW);
  const parsed = Review.safeParse(review.body);
  if (review.status !== 201 || !parsed.success || parsed.data.status.allowed) return null;
  return "its account may not impersonate people, so that every call will be refused there: apply deploy/cluster-rbac.yaml";
}

async function call(
  upstream: Upstream,
  method: "GET" | "POST",
  path: string,
  body?: string,
): Promise<{ status: number; body: unknown }> {
  const authorization = await upstream.authorization();
  const answer = await request(new URL(upstream.basePath + path, upstream.endpoint), {
    dispatcher: upstream.dispatcher,
    method,
    body: body ?? null,
    headers: {
      accept: "application/json",
      "content-type": "application/json",
      "user-agent": "kubewitness",
      ...(authorization === null ? {} : { authorization }),
    },
  });
  return { status: answer.statusCode, body: await readAnswer(answer.body) };
}

async function readAnswer(stream: AsyncIterable<Buffer>): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) return null;
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch {
    return null;
  }
}

class NoAnswer extends Error {}

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new NoAnswer()), milliseconds);
  });
  // What is still under way when the time is up fails when the upstream is closed.
  work.catch(() => {});
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function explain(error: unknown): string {
  if (error instanceof NoAnswer) return `it does not answer within ${DEADLINE_MS / 1_000} s`;
  if (error instanceof AppError) return error.message.replace(/\.$/, "");
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return `it cannot be reached: ${cause instanceof Error ? cause.message || cause.name : String(cause)}`;
}
