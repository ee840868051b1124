"use client";

import { useQuery } from "@tanstack/react-query";
import { z } from "zod";
import { RoleView } from "../../../../lib/access/roles/schema.ts";
import { requestJson } from "../../../components/request-json.ts";
import { useClusters } from "../use-clusters.ts";

const RoleList = z.object({ roles: z.array(RoleView) });

/** The roles and the clusters that a grant can name. */
export function useGrantChoices(enabled: boolean) {
  const roles = useQuery({
    queryKey: ["/api/v1/roles"],
    queryFn: ({ signal }) => requestJson("/api/v1/roles", RoleList, { signal }),
    enabled,
  });
  const clusters = useClusters(enabled);
  return {
    roles: roles.data?.roles ?? [],
    clusters: clusters.data?.clusters ?? [],
    /** What there is to say where they could not be read. */
    problems: {
      role: roles.isError ? "The roles could not be loaded. Close this and try again." : undefined,
      cluster: clusters.isError ? "The clusters could not be loaded. Close this and try again." : undefined,
    },
  };
}
