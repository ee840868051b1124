import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually, startTestCluster, type TestCluster } from "./testing/test-cluster.ts";

type ListAnswer = {
  kind: string;
  metadata: { resourceVersion: string; continue?: string; remainingItemCount?: number };
  items: { metadata: { name: string } }[];
};
type WatchEvent = {
  type: string;
  object: {
    kind: string;
    code?: number;
    metadata: { name: string; resourceVersion: string; annotations?: Record<string, string> };
  };
};

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startTestCluster();
});
afterAll(() => cluster.close());

async function get<T>(target: string, headers: Record<string, string> = {}): Promise<T> {
  const response = await cluster.fetch(target, { headers });
  return (await response.json()) as T;
}

/** Reads a watch until `enough` of its events have come. */
async function watch(query: string, enough: (events: WatchEvent[]) => boolean): Promise<WatchEvent[]> {
  const abort = new AbortController();
  const response = await cluster.fetch(`/api/v1/namespaces/default/configmaps?watch=true&${query}`, {
    signal: abort.signal,
  });
  const events: WatchEvent[] = [];
  let text = "";
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    text += Buffer.from(chunk).toString("utf8");
    const lines = text.split("\n");
    text = lines.pop() ?? "";
    events.push(...lines.map((line) => JSON.parse(line) as WatchEvent));
    if (enough(events)) break;
  }
  abort.abort();
  return events;
}

test("chunks are one consistent state, whatever is written meanwhile", async () => {
  const first = await get<ListAnswer>("/api/v1/pods?limit=7");
  expect(first.items).toHaveLength(7);
  expect(first.metadata.remainingItemCount).toBeGreaterThan(20);
  await cluster.run(["run", "between-chunks", "--image=nginx"]);
  const names = first.items.map(({ metadata }) => metadata.name);
  let token = first.metadata.continue;
  while (token) {
    const next: ListAnswer = await get(`/api/v1/pods?limit=7&continue=${token}`);
    expect(next.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
    names.push(...next.items.map(({ metadata }) => metadata.name));
    token = next.metadata.continue;
  }
  expect(names).toHaveLength(new Set(names).size);
  expect(names).toHaveLength(7 + (first.metadata.remainingItemCount ?? 0));
  expect(names).not.toContain("between-chunks");
});

test("a foreign continue token is refused", async () => {
  const response = await cluster.fetch("/api/v1/pods?limit=5&continue=abc");
  expect(response.status).toBe(400);
});

test("tables carry columns, cells and metadata", async () => {
  const accept = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";
  const table = await get<{
    kind: string;
    columnDefinitions: { name: string; priority: number }[];
    rows: { cells: unknown[]; object: { kind: string } }[];
  }>("/api/v1/namespaces/payments/pods?limit=500", { accept });
  expect(table.kind).toBe("Table");
  expect(table.columnDefinitions.map(({ name }) => name)).toEqual([
    ...["Name", "Ready", "Status", "Restarts", "Age"],
    ...["IP", "Node", "Nominated Node", "Readiness Gates"],
  ]);
  const postgres = table.rows.find(({ cells }) => cells[0] === "postgres-0");
  expect(postgres?.cells.slice(1, 4)).toEqual(["1/1", "Running", "0"]);
  expect(postgres?.object.kind).toBe("PartialObjectMetadata");
});

test("an answer that cannot be given is 406", async () => {
  const response = await cluster.fetch("/api/v1/pods", {
    headers: { accept: "application/vnd.kubernetes.protobuf" },
  });
  expect(response.status).toBe(406);
});

test("large answers are compressed, and only those", async () => {
  const large = await cluster.fetch("/api/v1/pods", { headers: { "accept-encoding": "gzip" } });
  expect(large.headers.get("content-encoding")).toBe("gzip");
  expect(((await large.json()) as ListAnswer).kind).toBe("PodList");
  const small = await cluster.fetch("/version", { headers: { "accept-encoding": "gzip" } });
  expect(small.headers.get("content-encoding")).toBeNull();
});

test("a watch goes on from a resource version", async () => {
  const { metadata } = await get<ListAnswer>("/api/v1/namespaces/default/configmaps");
  await cluster.run(["create", "configmap", "since", "--from-literal=a=1"]);
  await cluster.run(["label", "configmap", "since", "x=y"]);
  await cluster.run(["delete", "configmap", "since"]);
  const events = await watch(`resourceVersion=${metadata.resourceVersion}`, (seen) => seen.length >= 3);
  expect(events.map(({ type, object }) => `${type} ${object.metadata.name}`)).toEqual([
    ...["ADDED since", "MODIFIED since", "DELETED since"],
  ]);
  const versions = events.map(({ object }) => Number(object.metadata.resourceVersion));
  expect([...versions].sort((a, b) => a - b)).toEqual(versions);
});

test("what ceases to match a watch's selector is deleted for it", async () => {
  await cluster.run(["create", "configmap", "selected", "--from-literal=a=1"]);
  await cluster.run(["label", "configmap", "selected", "watched=yes"]);
  const events = watch("labelSelector=watched%3Dyes", (seen) => seen.length >= 2);
  await cluster.run(["label", "configmap", "selected", "watched=no", "--overwrite"]);
  expect((await events).map(({ type }) => type)).toEqual(["ADDED", "DELETED"]);
});

test("sendInitialEvents ends the initial state with a bookmark", async () => {
  const query = "sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true";
  const events = await watch(query, (seen) => seen.at(-1)?.type === "BOOKMARK");
  expect(events.at(-1)?.object.metadata.annotations).toEqual({ "k8s.io/initial-events-end": "true" });
  expect(events.length).toBeGreaterThan(1);
});

test("a watch from before the history is told 410", async () => {
  const events = await watch("resourceVersion=1", (seen) => seen.length > 0);
  expect(events[0]?.type).toBe("ERROR");
  expect(events[0]?.object.code).toBe(410);
});

test("a log honours tail, since, timestamps and the byte limit", async () => {
  const log = (...args: string[]) => cluster.run(["-n", "payments", "logs", "postgres-0", ...args]);
  expect((await log("--tail=4")).trim().split("\n")).toHaveLength(4);
  expect(await log("--tail=1", "--timestamps")).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z /);
  expect((await log("--limit-bytes=17")).length).toBe(17);
  const hour = (await log("--since=1h")).split("\n").length;
  const minute = (await log("--since=1m")).split("\n").length;
  expect(hour).toBeGreaterThan(minute);
  const wrong = await cluster.kubectl(["-n", "payments", "logs", "postgres-0", "-c", "nope"]);
  expect(wrong.stderr).toContain("container nope is not valid for pod postgres-0");
  const waiting = await cluster.kubectl(["-n", "search", "logs", "-l", "app=indexer-canary"]);
  expect(waiting.stderr).toContain("is waiting to start: trying and failing to pull image");
});

test("the company is there", async () => {
  expect(await cluster.run(["get", "nodes", "-o", "name"])).toBe(
    "node/acme-cp-1\nnode/acme-worker-1\nnode/acme-worker-2\n",
  );
  expect(await cluster.run(["-n", "payments", "get", "statefulset,pvc"])).toMatch(
    /postgres +2\/2[\s\S]*data-postgres-0 +Bound/,
  );
  expect(await cluster.run(["-n", "payments", "rollout", "history", "deploy/payments-api"])).toContain(
    "release v2.43.0",
  );
  expect(await cluster.run(["get", "certificates", "-A"])).toMatch(/grafana-tls +False/);
  await eventually(
    async () =>
      /deployment-controller.*Scaled up/.test(
        await cluster.run(["-n", "payments", "describe", "deploy", "payments-api"]),
      ),
    "events of the last release",
  );
});
