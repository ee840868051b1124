"use client";

import { useQuery } from "@tanstack/react-query";
import { ClusterNamespaces } from "../../../../lib/clusters/namespaces/schema.ts";
import { requestJson } from "../../../components/request-json.ts";
import { useSettled } from "../../../components/use-settled.ts";

const SETTLED_AFTER_MS = 500;

/** The typed namespaces that the cluster has not; `problem`: why that is not known. */
export interface MissingNamespaces {
  cluster: string;
  names: string[];
  problem: string | null;
}

/** Compares the namespaces of a grant with the cluster's own, as the role sees them, once typing has settled. */
export function useMissingNamespaces({
  clusterId,
  cluster,
  role,
  namespaces,
}: {
  clusterId: string | null;
  cluster: string;
  role: string;
  namespaces: readonly string[];
}): MissingNamespaces {
  const typed = namespaces.join(",");
  const settled = useSettled(typed, SETTLED_AFTER_MS);
  const { data } = useQuery({
    queryKey: ["/api/v1/clusters", clusterId, "namespaces", role],
    queryFn: ({ signal }) =>
      requestJson(
        `/api/v1/clusters/${clusterId}/namespaces?${new URLSearchParams({ role })}`,
        ClusterNamespaces,
        { signal },
      ),
    enabled: clusterId !== null && role !== "" && typed !== "",
    staleTime: 30_000,
  });
  const none = { cluster, names: [], problem: null };
  if (clusterId === null || !data || settled !== typed || typed === "") return none;
  if (data.namespaces === null) return { ...none, problem: data.problem };
  const known = new Set(data.namespaces);
  const names = namespaces.filter((name) => !known.has(name));
  if (names.length > 0 && !data.complete) return { ...none, problem: "the cluster has too many to list" };
  return { ...none, names };
}
