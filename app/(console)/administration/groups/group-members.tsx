"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { PeoplePage } from "../../../../lib/identity/people/schema.ts";
import { Absent, Section } from "../../../components/audit/detail/facts.tsx";
import { formatNumber } from "../../../components/audit/format-count.ts";
import { requestJson } from "../../../components/request-json.ts";

/** So many members are shown; a group may have thousands. */
const MOST_MEMBERS = 100;

/** Who is in a group. */
export function GroupMembers({ groupId }: { groupId: string }) {
  const path = `/api/v1/users?group=${groupId}&limit=${MOST_MEMBERS}`;
  const { data, isError } = useQuery({
    queryKey: ["/api/v1/users", "of-group", groupId],
    queryFn: ({ signal }) => requestJson(path, PeoplePage, { signal }),
  });
  if (isError) {
    return (
      <Section title="Members">
        <span className="text-fail">The members could not be loaded.</span>
      </Section>
    );
  }
  if (!data) return null;
  const { users, total } = data;
  return (
    <Section title="Members">
      {users.length === 0 ? <Absent>Nobody yet</Absent> : null}
      <ul className="nearby">
        {users.map((user) => (
          <li key={user.id}>
            <Link href={`/administration/users?open=${user.id}`}>
              <span className="cut">{user.name}</span>
              <span className="cut text-fg-3">{user.email}</span>
              {user.enabled ? null : <span className="ml-auto text-fg-3">Disabled</span>}
            </Link>
          </li>
        ))}
      </ul>
      {total > users.length ? (
        <p className="text-fg-3">and {formatNumber(total - users.length)} more</p>
      ) : null}
    </Section>
  );
}
