"use client";

import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import Link from "next/link";
import { parseAsString, useQueryState } from "nuqs";
import { z } from "zod";
import { RoleView } from "../../../../lib/access/roles/schema.ts";
import { FailedRows, LoadingRows } from "../../../components/audit/table-states.tsx";
import { Button } from "../../../components/button.tsx";
import { classNames } from "../../../components/class-names.ts";
import { requestJson } from "../../../components/request-json.ts";
import { Page } from "../../../components/shell/page-frame.tsx";
import { useViewer } from "../../../components/shell/viewer.tsx";
import { RECORDING_WORDS } from "./recording-words.ts";
import { RoleDetail } from "./role-detail.tsx";

const RoleList = z.object({ roles: z.array(RoleView) });

/** The roles, and what the chosen one allows. */
export function Roles() {
  const [chosen, setChosen] = useQueryState("role", parseAsString.withOptions({ history: "push" }));
  const mayWrite = useViewer().permissions.includes("access:write");
  const { data, error, refetch } = useQuery({
    queryKey: ["/api/v1/roles"],
    queryFn: ({ signal }) => requestJson("/api/v1/roles", RoleList, { signal }),
  });
  if (!data) {
    return (
      <Page path={["Access"]} title="Roles">
        {error ? (
          <FailedRows error={error} noun={{ many: "roles" }} onRetry={() => void refetch()} />
        ) : (
          <LoadingRows />
        )}
      </Page>
    );
  }
  const role = data.roles.find(({ name }) => name === chosen) ?? data.roles[0];
  return (
    <Page
      path={["Access"]}
      title="Roles"
      actions={
        mayWrite ? (
          <Button asChild look="primary">
            <Link href="/access/roles/new">
              <Plus aria-hidden className="text-accent-fg!" />
              New role
            </Link>
          </Button>
        ) : null
      }
    >
      <div className="grid min-h-full grid-cols-[260px_minmax(0,1fr)] max-laptop:grid-cols-1 max-laptop:content-start">
        <nav
          aria-label="Roles"
          className="border-line p-2 max-laptop:border-b laptop:border-r max-laptop:flex max-laptop:gap-1 max-laptop:overflow-auto"
        >
          {data.roles.map((one) => (
            <button
              key={one.id}
              type="button"
              aria-current={one === role ? "true" : undefined}
              onClick={() => void setChosen(one.name)}
              className={classNames(
                "block w-full rounded-2 px-2 py-1.5 text-left hover:bg-bg-hover max-laptop:w-auto max-tablet:min-h-11",
                one === role && "bg-bg-press hover:bg-bg-press",
              )}
            >
              <span className="block text-nav font-medium whitespace-nowrap text-fg">{one.name}</span>
              <span className="block text-fg-3 max-laptop:hidden">
                {one.rules.length} {one.rules.length === 1 ? "rule" : "rules"}
                {one.builtIn ? ", built in" : ""}
              </span>
              <span className="block text-fg-3 max-laptop:hidden">
                Recording: {RECORDING_WORDS[one.record].label.toLowerCase()}
                {one.record !== "off" && one.recordInput ? ", with input" : ""}
              </span>
            </button>
          ))}
        </nav>
        {role ? <RoleDetail key={role.id} role={role} onChanged={() => void refetch()} /> : null}
      </div>
    </Page>
  );
}
