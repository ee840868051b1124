"use client";

import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { CircleCheck, CircleX } from "lucide-react";
import {
  type RequestAuditCommand,
  RequestAuditCommands,
  type RequestAuditEntry,
} from "../../../../../lib/audit/requests/schema.ts";
import { quote } from "../../../../../lib/filter/tokenize.ts";
import { queryString } from "../../../../components/audit/audit-query.ts";
import { formatDuration, formatNumber } from "../../../../components/audit/format-count.ts";
import { EmptyRows, FailedRows, LoadingRows } from "../../../../components/audit/table-states.tsx";
import type { AuditPageModel } from "../../../../components/audit/use-audit-page.ts";
import { Button } from "../../../../components/button.tsx";
import { requestJson } from "../../../../components/request-json.ts";
import { formatClock, formatDay } from "../../../../components/time/format-time.ts";

const PAGE_SIZE = 50;

/** Commands, each with the number of calls that it became; a click shows the calls. */
export function CommandsView({ model }: { model: AuditPageModel<RequestAuditEntry> }) {
  const query = model.rowQuery ?? model.query;
  const asked = queryString(query, { limit: PAGE_SIZE });
  const endpoint = `${model.surface.endpoint}/commands`;
  const list = useInfiniteQuery({
    queryKey: [endpoint, asked, model.now],
    queryFn: ({ pageParam, signal }) =>
      requestJson(
        `${endpoint}?${asked}${pageParam ? `&cursor=${encodeURIComponent(pageParam)}` : ""}`,
        RequestAuditCommands,
        {
          signal,
        },
      ),
    initialPageParam: "",
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
  });
  if (list.isPending) return <LoadingRows />;
  if (list.isError) {
    return <FailedRows error={list.error} noun={{ many: "commands" }} onRetry={() => void list.refetch()} />;
  }
  const commands = list.data.pages.flatMap((page) => page.commands);
  if (commands.length === 0) {
    return (
      <EmptyRows
        endpoint={model.surface.endpoint}
        query={query}
        range={model.url.range}
        now={model.now}
        noun={{ many: "commands" }}
        firstRun={{
          text: "Commands come from kubectl, which names them with each call, and from the web shell.",
        }}
        onWiden={() => void model.url.setRange({ from: "today-6d", to: "today" })}
        onClear={() => void model.url.reset()}
      />
    );
  }
  return (
    <div className="table-scroll">
      <table className="audit-table commands-table">
        <CommandsHead />
        <tbody>
          {commands.map((command) => (
            <CommandRow key={command.sessionId} command={command} model={model} />
          ))}
        </tbody>
      </table>
      {list.hasNextPage ? (
        <div className="p-3">
          <Button onClick={() => void list.fetchNextPage()} disabled={list.isFetchingNextPage}>
            Older commands
          </Button>
        </div>
      ) : null}
    </div>
  );
}

function CommandsHead() {
  return (
    <thead>
      <tr>
        <th scope="col" style={{ width: 104 }} aria-sort="descending">
          <span className="label">Last call</span>
        </th>
        <th scope="col" style={{ width: 128 }}>
          Result
        </th>
        <th scope="col">Command</th>
        <th scope="col" style={{ width: 170 }}>
          Name
        </th>
        <th scope="col" style={{ width: 110 }}>
          Cluster Name
        </th>
        <th scope="col" style={{ width: 90 }} className="is-number">
          Calls
        </th>
        <th scope="col" style={{ width: 90 }} className="is-number">
          Duration
        </th>
        <th scope="col" style={{ width: 130 }}>
          Client Name
        </th>
      </tr>
    </thead>
  );
}

function CommandRow({
  command,
  model,
}: {
  command: RequestAuditCommand;
  model: AuditPageModel<RequestAuditEntry>;
}) {
  const { timeZone, oneDay } = model.context;
  const time = Date.parse(command.lastAt);
  const failed = command.failures > 0;
  const showCalls = () => {
    void model.url.setView("calls");
    model.applyFilter(`sessionId = ${quote(command.sessionId)}`);
  };
  return (
    <tr className={failed ? "is-failure" : undefined} onClick={showCalls}>
      <td className="is-ink tabular-nums">
        {oneDay ? "" : `${formatDay(time, timeZone)} `}
        {formatClock(time, timeZone)}
      </td>
      <td>
        <span className={`result${failed ? " is-failure" : ""}`}>
          {failed ? <CircleX aria-hidden /> : <CircleCheck aria-hidden />}
          {failed ? `${formatNumber(command.failures)} failed` : "Success"}
        </span>
      </td>
      <td title={command.command ?? undefined}>
        <button type="button" className="identifier">
          {command.command ?? "(not named)"}
        </button>
        {command.claimed ? (
          <span className="tag is-claim ml-2" title="Sent by the client; the gateway cannot check it">
            client’s own claim
          </span>
        ) : null}
      </td>
      <td className="is-ink" title={command.email}>
        {command.name}
      </td>
      <td>{command.clusterName}</td>
      <td className="is-number">{formatNumber(command.calls)}</td>
      <td className="is-number">{formatDuration(command.durationMs)}</td>
      <td>
        <span className="identifier is-dim">{command.clientName}</span>
      </td>
    </tr>
  );
}
