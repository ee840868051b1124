"use client";

import { useQuery } from "@tanstack/react-query";
import { z } from "zod";
import { ClusterWithHealth } from "../../../../lib/clusters/schema.ts";
import { requestJson } from "../../../components/request-json.ts";

const ClusterList = z.object({ clusters: z.array(ClusterWithHealth) });

/** The clusters, by name; empty until they are there. */
export function useClusters(): readonly ClusterWithHealth[] {
  const { data } = useQuery({
    queryKey: ["/api/v1/clusters"],
    queryFn: ({ signal }) => requestJson("/api/v1/clusters", ClusterList, { signal }),
  });
  return data?.clusters ?? [];
}
