import { expect, test } from "vitest";
import type { GrantView } from "../../../../lib/access/grants/schema.ts";
import { reachOf } from "./use-me.ts";

const grant = (id: string, cluster: GrantView["cluster"]): GrantView => ({
  id,
  cluster,
  role: { id: "r", name: "developer" },
  subject: { kind: "group", id: "g", name: "payments" },
  namespaces: [],
  project: null,
  department: null,
  nodePool: null,
  agentTag: null,
  clusterIds: cluster && [cluster.id],
  reason: null,
  origin: "grant",
  lastUsedAt: null,
  grantedBy: null,
  createdAt: "2026-11-20T00:00:00Z",
  expiresAt: null,
});

test("a grant on every cluster is a line on each, one on a cluster a line there", () => {
  const clusters = [
    { id: "a", name: "prod" },
    { id: "b", name: "staging" },
  ];
  const reach = reachOf({ clusters, grants: [grant("1", null), grant("2", { id: "b", name: "staging" })] });
  expect(reach.map(({ cluster, grant: { id } }) => `${cluster} ${id}`)).toEqual([
    "prod 1",
    "staging 1",
    "staging 2",
  ]);
});
