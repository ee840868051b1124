"use client";

import { useQuery } from "@tanstack/react-query";
import { RoleDetail } from "../../../../../lib/access/roles/schema.ts";
import { requestJson } from "../../../../components/request-json.ts";

/** A role with its document; nothing is asked without an id. */
export function useRole(id: string | null) {
  return useQuery({
    queryKey: ["/api/v1/roles", id],
    queryFn: ({ signal }) => requestJson(`/api/v1/roles/${id}`, RoleDetail, { signal }),
    enabled: id !== null,
    // What is being edited is not replaced under the editor's hands.
    refetchOnWindowFocus: false,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
}
