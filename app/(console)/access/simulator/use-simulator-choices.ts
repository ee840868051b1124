"use client";

import { useQuery } from "@tanstack/react-query";
import { z } from "zod";
import type { Suggestion } from "../../../components/form/suggest-field.tsx";
import { requestJson } from "../../../components/request-json.ts";
import { useViewer } from "../../../components/shell/viewer.tsx";

const Named = z.object({ name: z.string() });
const LISTS = {
  me: z.object({ clusters: z.array(Named) }),
  clusters: z.object({ clusters: z.array(Named) }),
  users: z.object({ users: z.array(z.object({ email: z.string(), name: z.string() })) }),
  applications: z.object({ applications: z.array(Named) }),
};

/** Whom and what one may choose from; all of them may also be typed. */
export function useSimulatorChoices(): Record<"clusters" | "user" | "application", Suggestion[]> {
  const { permissions } = useViewer();
  const may = (permission: (typeof permissions)[number]) => permissions.includes(permission);
  const own = useList("/api/v1/me", LISTS.me, !may("clusters:read"));
  const clusters = useList("/api/v1/clusters", LISTS.clusters, may("clusters:read")) ?? own;
  const users = useList("/api/v1/users", LISTS.users, may("people:read"));
  const applications = useList("/api/v1/applications", LISTS.applications, may("applications:read"));
  return {
    clusters: (clusters?.clusters ?? []).map(({ name }) => ({ value: name })),
    user: (users?.users ?? []).map(({ email, name }) => ({ value: email, note: name })),
    application: (applications?.applications ?? []).map(({ name }) => ({ value: name })),
  };
}

function useList<Schema extends z.ZodType>(path: string, schema: Schema, enabled: boolean) {
  return useQuery({
    // Others keep the whole answer under its path.
    queryKey: [path, "simulator"],
    queryFn: ({ signal }) => requestJson(path, schema, { signal }),
    enabled,
  }).data;
}
