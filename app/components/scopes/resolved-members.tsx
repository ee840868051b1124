"use client";

import { useQuery } from "@tanstack/react-query";
import { ScopeMembers } from "../../../lib/clusters/members/schema.ts";
import { Absent, Section } from "../audit/detail/facts.tsx";
import { requestJson } from "../request-json.ts";

/** What a project, a department or a node pool means today. */
export function ResolvedMembers({ endpoint, noun }: { endpoint: string; noun: { many: string } }) {
  const { data, isError } = useQuery({
    queryKey: [endpoint],
    queryFn: ({ signal }) => requestJson(endpoint, ScopeMembers, { signal }),
  });
  if (isError) {
    return (
      <Section title="Today">
        <span className="text-fail">What it means today could not be loaded.</span>
      </Section>
    );
  }
  if (!data) return null;
  return (
    <Section title="Today">
      {data.clusters.length === 0 ? <Absent>No cluster has these names and labels</Absent> : null}
      <dl className="facts">
        {data.clusters.map(({ cluster, names, open }) => (
          <div key={cluster.id} className="contents">
            <dt>{cluster.name}</dt>
            <dd className="wrap-anywhere">
              {names.length === 0 && open.length === 0 ? <Absent>No {noun.many}</Absent> : names.join(", ")}
              {open.length > 0 ? (
                <span className="block text-fg-3">Not known now: {open.join("; ")}</span>
              ) : null}
            </dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}
