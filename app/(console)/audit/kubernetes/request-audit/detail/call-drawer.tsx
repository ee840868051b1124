"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { ListFilter } from "lucide-react";
import {
  RequestAuditDetail,
  type RequestAuditEntry,
  RequestAuditRelated,
} from "../../../../../../lib/audit/request-audit/schema.ts";
import { DetailDrawer } from "../../../../../components/audit/detail/detail-drawer.tsx";
import { DetailFailed, DetailLoading } from "../../../../../components/audit/detail/detail-states.tsx";
import type { AuditPageModel } from "../../../../../components/audit/use-audit-page.ts";
import { Button } from "../../../../../components/button.tsx";
import { CopyButton } from "../../../../../components/copy-button.tsx";
import { requestJson } from "../../../../../components/request-json.ts";
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
      range={model.query.window}
      onNewer={() => model.move(-1)}
      onOlder={() => model.move(1)}
      onClose={() => model.open.open(null)}
      foot={detail ? <DrawerActions call={detail} model={model} /> : null}
    >
      {call.isError ? (
        <DetailFailed noun={noun.one} error={call.error} onRetry={() => void call.refetch()} />
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
        <DetailLoading />
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
