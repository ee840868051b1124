"use client";

import { useQuery } from "@tanstack/react-query";
import { z } from "zod";
import type { SubjectKind } from "../../../../lib/access/policy/schema.ts";
import { RoleView } from "../../../../lib/access/roles/schema.ts";
import { ClusterView } from "../../../../lib/clusters/schema.ts";
import { ApplicationView } from "../../../../lib/identity/applications/schema.ts";
import { GroupView, PersonView } from "../../../../lib/identity/people/schema.ts";
import type { Suggestion } from "../../../components/form/suggest-field.tsx";
import { requestJson } from "../../../components/request-json.ts";
import { suggestOnce } from "./suggest-once.ts";

export type { SubjectKind };

const LISTS = {
  roles: z.object({ roles: z.array(RoleView) }),
  clusters: z.object({ clusters: z.array(ClusterView) }),
  users: z.object({ users: z.array(PersonView) }),
  groups: z.object({ groups: z.array(GroupView) }),
  applications: z.object({ applications: z.array(ApplicationView) }),
};

/** What a grant can be made of. */
export function useGrantChoices(
  enabled: boolean,
  /** Suggests people and groups of this identity provider alone; empty: of any. */
  provider: string,
): {
  roles: readonly RoleView[];
  clusters: readonly { id: string; name: string }[];
  subjects: Record<SubjectKind, Suggestion[]>;
  /** The ids of the identity providers that people and groups are of. */
  providers: string[];
} {
  const roles = useApiList("/api/v1/roles", LISTS.roles, enabled);
  const clusters = useApiList("/api/v1/clusters", LISTS.clusters, enabled);
  const users = useApiList("/api/v1/users", LISTS.users, enabled);
  const groups = useApiList("/api/v1/groups", LISTS.groups, enabled);
  const applications = useApiList("/api/v1/applications", LISTS.applications, enabled);
  const people = users?.users ?? [];
  const allGroups = groups?.groups ?? [];
  // What is of no provider that is configured cannot be granted anything by its name.
  const isOf = (each: { provider: string | null }) =>
    provider === "" ? each.provider !== null : each.provider === provider;
  const providers = [...people, ...allGroups].flatMap((each) => each.provider ?? []);
  return {
    roles: roles?.roles ?? [],
    clusters: clusters?.clusters.map(({ id, name }) => ({ id, name })) ?? [],
    subjects: {
      user: suggestOnce(people.filter(isOf).map(({ email, name }) => ({ value: email, note: name }))),
      group: suggestOnce(
        allGroups.filter(isOf).map(({ name, members }) => ({
          value: name,
          note: members === 1 ? "1 member" : `${members} members`,
        })),
      ),
      application: applications?.applications.map(({ name }) => ({ value: name })) ?? [],
    },
    providers: [...new Set(providers)].sort(),
  };
}

function useApiList<Schema extends z.ZodType>(path: string, schema: Schema, enabled: boolean) {
  return useQuery({
    queryKey: [path],
    queryFn: ({ signal }) => requestJson(path, schema, { signal }),
    enabled,
  }).data;
}
