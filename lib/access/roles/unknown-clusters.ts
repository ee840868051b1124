import { database } from "../../db/connection.ts";
import type { DocumentIssue } from "./document/check-document.ts";
import type { RoleDocument } from "./document/schema.ts";

/** Names of clusters in a document that no cluster has: it may be one that is to come, or a slip. */
export async function findUnknownClusters({ spec }: RoleDocument): Promise<DocumentIssue[]> {
  const named = spec.rules.flatMap(({ clusters }, rule) =>
    clusters
      .map((name, index) => ({ name, path: ["spec", "rules", rule, "clusters", index] }))
      .filter(({ name }) => !name.includes("*")),
  );
  if (named.length === 0) return [];
  const rows = await database().cluster.findMany({
    where: { removedAt: null, name: { in: named.map(({ name }) => name) } },
    select: { name: true },
  });
  const known = new Set(rows.map(({ name }) => name));
  return named
    .filter(({ name }) => !known.has(name))
    .map(({ name, path }) => ({
      severity: "warning",
      path,
      message: `no cluster has the name ${name}: until one has, the rule is for none by it`,
    }));
}
