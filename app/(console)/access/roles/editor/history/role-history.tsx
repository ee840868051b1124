"use client";

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { parseAsInteger, useQueryState } from "nuqs";
import { useState } from "react";
import {
  type RoleDetail,
  RoleVersionDetail,
  RoleVersionPage,
  type RoleVersionView,
} from "../../../../../../lib/access/roles/schema.ts";
import { FailedRows, LoadingRows } from "../../../../../components/audit/table-states.tsx";
import { Button } from "../../../../../components/button.tsx";
import { classNames } from "../../../../../components/class-names.ts";
import { requestJson } from "../../../../../components/request-json.ts";
import { Moment, When } from "../../../../../components/time/when.tsx";
import { RestoreVersionDialog } from "./restore-version-dialog.tsx";
import { VersionDiff } from "./version-diff.tsx";

/** The versions of a role: who changed what, when and why. */
export function RoleHistory({
  role,
  mayRestore,
  onRestored,
}: {
  role: RoleDetail;
  mayRestore: boolean;
  onRestored: (role: RoleDetail) => void;
}) {
  const endpoint = `/api/v1/roles/${role.id}/versions`;
  const [chosen, setChosen] = useQueryState("version", parseAsInteger.withDefault(role.version));
  const { data, error, refetch, fetchNextPage, hasNextPage } = useInfiniteQuery({
    queryKey: [endpoint, role.version],
    queryFn: ({ pageParam, signal }) =>
      requestJson(`${endpoint}${pageParam ? `?before=${pageParam}` : ""}`, RoleVersionPage, { signal }),
    initialPageParam: 0,
    getNextPageParam: ({ next }) => next,
  });
  if (error) return <FailedRows error={error} noun={{ many: "versions" }} onRetry={() => void refetch()} />;
  if (!data) return <LoadingRows />;
  const versions = data.pages.flatMap((page) => page.versions);
  return (
    <div className="grid grid-cols-[300px_minmax(0,1fr)] max-laptop:grid-cols-1">
      <nav aria-label="Versions" className="border-line p-2 max-laptop:border-b laptop:border-r">
        {versions.map((version) => (
          <VersionButton
            key={version.version}
            version={version}
            isChosen={version.version === chosen}
            onChoose={() => void setChosen(version.version)}
          />
        ))}
        {hasNextPage ? (
          <Button look="ghost" onClick={() => void fetchNextPage()}>
            Earlier versions
          </Button>
        ) : null}
      </nav>
      <ChosenVersion role={role} version={chosen} mayRestore={mayRestore} onRestored={onRestored} />
    </div>
  );
}

function VersionButton({
  version: { version, change, author, createdAt, reason },
  isChosen,
  onChoose,
}: {
  version: RoleVersionView;
  isChosen: boolean;
  onChoose: () => void;
}) {
  return (
    <button
      type="button"
      aria-current={isChosen ? "true" : undefined}
      onClick={onChoose}
      className={classNames(
        "block w-full rounded-2 px-2 py-1.5 text-left hover:bg-bg-hover max-tablet:min-h-11",
        isChosen && "bg-bg-press hover:bg-bg-press",
      )}
    >
      <span className="flex gap-2 text-nav">
        <b className="font-medium">Version {version}</b>
        <span className="text-fg-3">{CHANGES[change]}</span>
        <span className="ml-auto text-fg-3">
          <When time={createdAt} absent="" />
        </span>
      </span>
      <span className="cut block text-fg-2">{author}</span>
      {reason ? <span className="block wrap-anywhere text-fg-3">{reason}</span> : null}
    </button>
  );
}

const CHANGES: Record<RoleVersionView["change"], string> = {
  Create: "made",
  Update: "changed",
  Restore: "restored",
};

function ChosenVersion({
  role,
  version,
  mayRestore,
  onRestored,
}: {
  role: RoleDetail;
  version: number;
  mayRestore: boolean;
  onRestored: (role: RoleDetail) => void;
}) {
  const [restoring, setRestoring] = useState(false);
  const endpoint = `/api/v1/roles/${role.id}/versions/${version}`;
  const { data, error, refetch } = useQuery({
    queryKey: [endpoint],
    queryFn: ({ signal }) => requestJson(endpoint, RoleVersionDetail, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (error) return <FailedRows error={error} noun={{ many: "versions" }} onRetry={() => void refetch()} />;
  if (!data) return <LoadingRows />;
  return (
    <section className="min-w-0 px-5 py-4 max-tablet:px-4" aria-label={`Version ${version}`}>
      <header className="flex flex-wrap items-start gap-3 pb-3">
        <div className="min-w-0 flex-1">
          <h2 className="text-heading font-semibold">Version {version}</h2>
          <p className="text-fg-2">
            {data.author}, <Moment time={data.createdAt} absent="" />
          </p>
          {data.reason ? <p className="wrap-anywhere text-fg-2">“{data.reason}”</p> : null}
        </div>
        {mayRestore && version !== role.version ? (
          <Button onClick={() => setRestoring(true)}>Restore this version</Button>
        ) : null}
      </header>
      <VersionDiff version={data} />
      <RestoreVersionDialog
        role={role}
        version={version}
        open={restoring}
        onOpenChange={setRestoring}
        onDone={onRestored}
      />
    </section>
  );
}
