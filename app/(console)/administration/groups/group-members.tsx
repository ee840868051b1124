"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { z } from "zod";
import { PersonView } from "../../../../lib/identity/people/schema.ts";
import { Absent, Section } from "../../../components/audit/detail/facts.tsx";
import { requestJson } from "../../../components/request-json.ts";

const UserList = z.object({ users: z.array(PersonView) });

/** Who is in a group. */
export function GroupMembers({ groupId }: { groupId: string }) {
  const { data } = useQuery({
    queryKey: ["/api/v1/users"],
    queryFn: ({ signal }) => requestJson("/api/v1/users", UserList, { signal }),
  });
  if (!data) return null;
  const members = data.users.filter(({ groupIds }) => groupIds.includes(groupId));
  return (
    <Section title="Members">
      {members.length === 0 ? <Absent>Nobody yet</Absent> : null}
      <ul className="nearby">
        {members.map((user) => (
          <li key={user.id}>
            <Link href={`/administration/users?open=${user.id}`}>
              <span className="cut">{user.name}</span>
              <span className="cut text-fg-3">{user.email}</span>
              {user.enabled ? null : <span className="ml-auto text-fg-3">Disabled</span>}
            </Link>
          </li>
        ))}
      </ul>
    </Section>
  );
}
