"use client";

import { useQuery } from "@tanstack/react-query";
import { z } from "zod";
import { Named } from "../../../lib/access/scopes/schema.ts";
import { ClusterConnection } from "../../../lib/clusters/schema.ts";
import { requestJson } from "../../components/request-json.ts";
import { useViewer } from "../../components/shell/viewer.tsx";

/** How a cluster is called is told to who may read clusters. */
const Cluster = Named.extend({ connection: ClusterConnection.optional() });
const Clusters = z.object({ clusters: z.array(Cluster) });

/** The clusters that one may see, by name: all of them, or those that one reaches. */
export function useClusters(enabled = true) {
  const path = useViewer().permissions.includes("clusters:read") ? "/api/v1/clusters" : "/api/v1/me";
  return useQuery({
    // Pages keep the whole answer under its path.
    queryKey: [path, "named clusters"],
    queryFn: ({ signal }) => requestJson(path, Clusters, { signal }),
    // One that was added a moment ago is among them.
    staleTime: 0,
    enabled,
  });
}
