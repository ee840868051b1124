"use client";

import Link from "next/link";
import type { RoleView } from "../../../../lib/access/roles/schema.ts";
import { Absent, Fact, Facts } from "../../../components/audit/detail/facts.tsx";
import { Button } from "../../../components/button.tsx";
import { requestAuditHref } from "../../../components/list/audit-links.ts";
import { placeOf, useGrants } from "../../../components/list/grants-of.tsx";
import { useViewer } from "../../../components/shell/viewer.tsx";
import { When } from "../../../components/time/when.tsx";
import { Subject } from "../grants/subject.tsx";
import { RoleRecording } from "./role-recording.tsx";
import { RulesTable } from "./rules-table.tsx";

/** What one role allows, what clusters see of it, and who has it. */
export function RoleDetail({ role, onChanged }: { role: RoleView; onChanged: () => void }) {
  const { permissions } = useViewer();
  const mayAudit = permissions.includes("audit:read");
  const mayWrite = permissions.includes("access:write");
  return (
    <div className="min-w-0">
      <header className="flex items-start gap-4 px-5 pt-4 pb-3.5 max-tablet:flex-wrap max-tablet:px-4">
        <div className="min-w-0 flex-1 max-tablet:basis-full">
          <h2 className="text-heading font-semibold tracking-[-0.01em]">
            {role.name} {role.builtIn ? <span className="tag ml-1 align-[2px]">built in</span> : null}
          </h2>
          <p className="mt-1 max-w-[72ch] text-nav text-fg-2">{role.description}</p>
        </div>
        <Button asChild>
          <Link href={`/access/roles/${role.id}`}>{mayWrite && !role.builtIn ? "Edit" : "Open"}</Link>
        </Button>
        <Button asChild>
          <Link href={`/access/roles/${role.id}?view=history`}>History</Link>
        </Button>
        {mayAudit ? (
          <Button asChild>
            <Link href={requestAuditHref({ field: "role", value: role.name })}>Calls it allowed</Link>
          </Button>
        ) : null}
      </header>
      <RulesTable rules={role.rules} />
      <RoleRecording role={role} onChanged={onChanged} />
      <div className="grid grid-cols-2 max-laptop:grid-cols-1">
        <section className="px-5 py-4 max-tablet:px-4" aria-labelledby="in-clusters">
          <h3 id="in-clusters" className="pb-1.5 text-meta font-medium text-fg-3">
            In clusters
          </h3>
          <Facts>
            <Fact name="Kubernetes user">
              {role.kubernetesUser === null ? (
                <Absent>The caller’s own name</Absent>
              ) : (
                <span className="mono">{role.kubernetesUser}</span>
              )}
            </Fact>
            <Fact name="Kubernetes groups">
              <Names names={role.kubernetesGroups} none="None" />
            </Fact>
            <Fact name="May act as users">
              <Names names={role.impersonateUsers} none="Nobody (--as is refused)" />
            </Fact>
            <Fact name="May act as groups">
              <Names names={role.impersonateGroups} none="None (--as-group is refused)" />
            </Fact>
          </Facts>
        </section>
        <RoleGrants role={role} />
      </div>
    </div>
  );
}

function Names({ names, none }: { names: readonly string[]; none: string }) {
  if (names.length === 0) return <Absent>{none}</Absent>;
  return (
    <>
      {names.map((name) => (
        <span key={name} className="mono block">
          {name}
        </span>
      ))}
    </>
  );
}

function RoleGrants({ role }: { role: RoleView }) {
  const { data, isError } = useGrants({ role: role.id });
  const grants = data?.grants;
  if (!grants && !isError) return null;
  return (
    <section
      className="border-line px-5 py-4 max-laptop:border-t max-tablet:px-4 laptop:border-l"
      aria-labelledby="granted-to"
    >
      <h3 id="granted-to" className="pb-1.5 text-meta font-medium text-fg-3">
        Granted to
      </h3>
      {grants ? null : <span className="text-fail">The grants could not be loaded.</span>}
      {grants?.length === 0 ? <Absent>Nobody</Absent> : null}
      <ul className="nearby">
        {grants?.map((grant) => (
          <li key={grant.id}>
            <Link href={`/access/grants?open=${grant.id}`}>
              <Subject subject={grant.subject} />
              <span className="cut ml-auto text-fg-3">{placeOf(grant)}</span>
              {grant.expiresAt ? (
                <span className="text-fg-3">
                  <When time={grant.expiresAt} absent="" />
                </span>
              ) : null}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
