"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { ListFilter } from "lucide-react";
import {
  RequestAuditDetail,
  type RequestAuditEntry,
  RequestAuditRelated,
} from "../../../../../../lib/audit/requests/schema.ts";
import { DetailDrawer } from "../../../../../components/audit/detail/detail-drawer.tsx";
import type { AuditPageModel } from "../../../../../components/audit/use-audit-page.ts";
import { Button } from "../../../../../components/button.tsx";
import { CopyButton } from "../../../../../components/copy-button.tsx";
import { MessagePanel } from "../../../../../components/message-panel.tsx";
import { RequestError } from "../../../../../components/request-error.ts";
import { requestJson } from "../../../../../components/request-json.ts";
import { Skeleton } from "../../../../../components/skeleton.tsx";
import { useDelayed } from "../../../../../components/use-delayed.ts";
import { CallBody } from "./call-body.tsx";
import { CallCommand } from "./call-command.tsx";
import { CallerFacts, TargetFacts } from "./call-facts.tsx";
import { CallNeighbours } from "./call-neighbours.tsx";
import { CallTitle, CallVerdict } from "./call-verdict.tsx";
import { filterLike } from "./filter-like.ts";

/** One call, in the order in which one asks: what came of it, who, where, by which command, with what, what else. */
export function CallDrawer({ no, model }: { no: number; model: AuditPageModel<RequestAuditEntry> }) {
  const { endpoint, noun } = model.surface;
  const call = useQuery({
    queryKey: [endpoint, no],
    queryFn: ({ signal }) => requestJson(`${endpoint}/${no}`, RequestAuditDetail, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
  });
  const related = useQuery({
    queryKey: [endpoint, no, "related"],
    queryFn: ({ signal }) => requestJson(`${endpoint}/${no}/related`, RequestAuditRelated, { signal }),
  });
  const detail = call.data;
  return (
    <DetailDrawer
      noun={noun.one}
      no={no}
      onNewer={() => model.move(-1)}
      onOlder={() => model.move(1)}
      onClose={() => model.open.open(null)}
      foot={detail ? <DrawerActions call={detail} model={model} /> : null}
    >
      {call.isError ? (
        <CallFailed error={call.error} onRetry={() => void call.refetch()} />
      ) : detail ? (
        <div aria-busy={call.isPlaceholderData}>
          <CallTitle call={detail} timeZone={model.timeZone} />
          <CallVerdict call={detail} />
          <CallerFacts call={detail} />
          <TargetFacts call={detail} />
          <CallCommand call={detail} related={related.data ?? null} onFilter={model.applyFilter} />
          <CallBody call={detail} />
          <CallNeighbours call={detail} related={related.data ?? null} model={model} />
        </div>
      ) : (
        <CallLoading />
      )}
    </DetailDrawer>
  );
}

function DrawerActions({
  call,
  model,
}: {
  call: RequestAuditDetail;
  model: AuditPageModel<RequestAuditEntry>;
}) {
  return (
    <>
      <CopyButton text={() => JSON.stringify(call, null, 2)} label="Copy as JSON">
        Copy as JSON
      </CopyButton>
      <Button
        onClick={() => model.applyFilter(filterLike(call))}
        title="Same person, cluster, verb and resource"
      >
        <ListFilter aria-hidden />
        Filter by this
      </Button>
    </>
  );
}

function CallLoading() {
  if (!useDelayed(true)) return null;
  return (
    <div className="grid gap-4 p-5" aria-hidden>
      {[220, 320, 180, 260, 240, 200].map((width) => (
        <Skeleton key={width} width={width} />
      ))}
    </div>
  );
}

function CallFailed({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const known = error instanceof RequestError ? error : null;
  return (
    <MessagePanel
      role="alert"
      title={known?.status === 404 ? "There is no such call" : "The call could not be loaded"}
      actions={known?.status === 404 ? null : <Button onClick={onRetry}>Try again</Button>}
    >
      {known?.message ?? "The answer could not be read."}
    </MessagePanel>
  );
}
