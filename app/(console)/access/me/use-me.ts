"use client";

import { useQuery } from "@tanstack/react-query";
import { z } from "zod";
import { GrantView } from "../../../../lib/access/grants/schema.ts";
import { Me } from "../../../../lib/identity/me/schema.ts";
import { requestJson } from "../../../components/request-json.ts";

const MyAnswer = Me.extend({
  grants: z.array(GrantView),
  clusters: z.array(z.object({ id: z.uuid(), name: z.string() })),
});
export type MyAnswer = z.infer<typeof MyAnswer>;

/** Who one is, one's grants, and the clusters that they open. */
export function useMe() {
  return useQuery({
    queryKey: ["/api/v1/me"],
    queryFn: ({ signal }) => requestJson("/api/v1/me", MyAnswer, { signal }),
  });
}

/** A role on a cluster, and the grant that gives it. */
export interface Reach {
  key: string;
  cluster: string;
  grant: GrantView;
}

/** A line for each cluster and each grant that counts on it. */
export function reachOf({ clusters, grants }: Pick<MyAnswer, "clusters" | "grants">): Reach[] {
  return clusters.flatMap(({ id, name }) =>
    grants
      .filter(({ clusterIds }) => clusterIds === null || clusterIds.includes(id))
      .map((grant) => ({ key: `${id} ${grant.id}`, cluster: name, grant })),
  );
}
