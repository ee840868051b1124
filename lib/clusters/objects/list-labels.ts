import { z } from "zod";
import type { Labels } from "../../access/policy/labels.ts";
import type { Upstream } from "../upstream.ts";
import { readAsGateway, readJson } from "./read-as-gateway.ts";

/** meta.k8s.io/v1: what an object holds beside its metadata is not read. */
const LIST = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json";
const PAGE = 500;
/** A cluster with more is not known. Kubernetes is tested with 5,000 nodes and 10,000 namespaces. */
export const MOST_OBJECTS = 20_000;
const MOST_PAGE_BYTES = 32 * 1024 * 1024;
const LIST_MS = 20_000;

export const ObjectMetadata = z.object({
  name: z.string(),
  resourceVersion: z.string().optional(),
  labels: z.record(z.string(), z.string()).nullish(),
});
const List = z.object({
  metadata: z.object({ resourceVersion: z.string(), continue: z.string().optional() }),
  items: z.array(z.object({ metadata: ObjectMetadata })),
});

/** The labels of all objects of a kind, by name, and as of which version. `path`: `/api/v1/nodes`. */
export async function listLabels(
  upstream: Upstream,
  { path, signal }: { path: string; signal: AbortSignal },
): Promise<{ labels: Map<string, Labels>; resourceVersion: string }> {
  const labels = new Map<string, Labels>();
  for (let next = ""; ; ) {
    const query = new URLSearchParams({ limit: String(PAGE), ...(next && { continue: next }) });
    const answer = await readAsGateway(upstream, {
      path: `${path}?${query}`,
      accept: LIST,
      signal: AbortSignal.any([signal, AbortSignal.timeout(LIST_MS)]),
    });
    await requireOk(answer);
    const page = List.parse(await readJson(answer.body, MOST_PAGE_BYTES));
    for (const { metadata } of page.items) labels.set(metadata.name, metadata.labels ?? {});
    if (labels.size > MOST_OBJECTS) throw new Error(`there are more than ${MOST_OBJECTS} of them`);
    next = page.metadata.continue ?? "";
    if (next === "") return { labels, resourceVersion: page.metadata.resourceVersion };
  }
}

/** @throws for every other status. */
export async function requireOk({
  statusCode,
  body,
}: Awaited<ReturnType<typeof readAsGateway>>): Promise<void> {
  if (statusCode === 200) return;
  body.destroy();
  throw new Error(`the cluster answered ${statusCode}`);
}
