"use client";

import { useQuery } from "@tanstack/react-query";
import { z } from "zod";
import { Named } from "../../../lib/access/scopes/schema.ts";
import { requestJson } from "../request-json.ts";
import { useViewer } from "../shell/viewer.tsx";

/** What a grant names in place of a cluster. */
export type NamedScopeKind = "project" | "department" | "nodePool";

const LISTS = {
  project: { path: "/api/v1/projects", schema: z.object({ projects: z.array(Named) }) },
  department: { path: "/api/v1/departments", schema: z.object({ departments: z.array(Named) }) },
  nodePool: { path: "/api/v1/node-pools", schema: z.object({ nodePools: z.array(Named) }) },
} as const;

/** The names of all projects, departments or node pools. */
export function useScopeNames(kind: NamedScopeKind) {
  const { path, schema } = LISTS[kind];
  const { data, isError } = useQuery({
    queryKey: [path, "names"],
    queryFn: ({ signal }) =>
      requestJson<z.ZodType<Record<string, Named[]>>>(`${path}?limit=1000`, schema, { signal }),
    // One that was added a moment ago is among them.
    staleTime: 0,
    enabled: useViewer().permissions.includes("projects:read"),
  });
  return {
    /** undefined until they are there. */
    names: data && Object.values(data).flatMap((list) => list.map(({ name }) => name)),
    isError,
  };
}
