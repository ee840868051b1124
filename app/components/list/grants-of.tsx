"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { GrantList, type GrantView } from "../../../lib/access/grants/schema.ts";
import { Absent, Section } from "../audit/detail/facts.tsx";
import { requestJson } from "../request-json.ts";
import { useViewer } from "../shell/viewer.tsx";
import { When } from "../time/when.tsx";

/** Whose, of which role or on which cluster: ids. Left out: any. */
type Asked = Partial<Record<"subject" | "role" | "cluster", string>>;

/** As many as the API answers at once. */
const MOST = "5000";

/** The grants of something, for those who may see them; `wanted`: whether they are asked for now. */
export function useGrants(asked: Asked = {}, wanted = true) {
  const enabled = useViewer().permissions.includes("access:read") && wanted;
  return useQuery({
    queryKey: ["/api/v1/grants", asked],
    queryFn: ({ signal }) =>
      requestJson(`/api/v1/grants?${new URLSearchParams({ ...asked, limit: MOST })}`, GrantList, { signal }),
    enabled,
  });
}

/** The grants that concern one person, group, application, role or cluster, as a section of a drawer. */
export function GrantsOf({
  title,
  asked,
  filter,
}: {
  title: string;
  asked?: Asked;
  filter: (grant: GrantView) => boolean;
}) {
  const { data, isError } = useGrants(asked);
  if (isError) {
    return (
      <Section title={title}>
        <span className="text-fail">The grants could not be loaded.</span>
      </Section>
    );
  }
  if (!data) return null;
  const grants = data.grants.filter(filter);
  return (
    <Section title={title}>
      {grants.length === 0 ? <Absent>None</Absent> : null}
      <ul className="nearby">
        {grants.map((grant) => (
          <li key={grant.id}>
            <Link prefetch={false} href={`/access/grants?open=${grant.id}`}>
              <span className="cut flex-1">
                {grant.role.name} <span className="text-fg-3">to</span> {grant.subject.name}
              </span>
              <span className="cut text-fg-3">{placeOf(grant)}</span>
              <span className="text-fg-3">
                <When time={grant.expiresAt} absent="" />
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** Where a grant counts: `prod: payments, checkout`, `every cluster`, `project team-a`. */
export function placeOf(grant: Pick<GrantView, "cluster" | "namespaces" | ScopeKey>): string {
  const { cluster, namespaces } = grant;
  const named = namedScopeOf(grant);
  if (named) return `${named.noun} ${named.name}`;
  const where = cluster?.name ?? "every cluster";
  return namespaces.length === 0 ? where : `${where}: ${namespaces.join(", ")}`;
}

/** In which namespaces, or of what; empty: in all. */
export const namespacesOf = (grant: Pick<GrantView, "cluster" | "namespaces" | ScopeKey>): string =>
  namedScopeOf(grant) ? placeOf(grant) : grant.namespaces.join(", ");

type ScopeKey = "project" | "department" | "nodePool";

/** The project, department or node pool that a grant names, with its page; null where it names a cluster or all of them. */
export function namedScopeOf({
  project,
  department,
  nodePool,
}: Pick<GrantView, ScopeKey>): { noun: string; name: string; href: string } | null {
  const scopes = [
    { noun: "project", scope: project, page: "projects" },
    { noun: "department", scope: department, page: "departments" },
    { noun: "node pool", scope: nodePool, page: "node-pools" },
  ];
  for (const { noun, scope, page } of scopes)
    if (scope) return { noun, name: scope.name, href: `/infrastructure/${page}?open=${scope.id}` };
  return null;
}
