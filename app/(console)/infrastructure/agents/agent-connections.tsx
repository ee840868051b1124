"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { ConnectionList, type ConnectionView } from "../../../../lib/tunnels/connections/schema.ts";
import { Absent, Section } from "../../../components/audit/detail/facts.tsx";
import { formatBytes, formatDuration, formatNumber } from "../../../components/audit/format-count.ts";
import { Button } from "../../../components/button.tsx";
import { requestJson } from "../../../components/request-json.ts";
import { Moment, When } from "../../../components/time/when.tsx";

const REFRESH_MS = 5_000;

/** The open connections of an agent, and the log of those that have ended. */
export function AgentConnections({ agentId }: { agentId: string }) {
  const pages = useInfiniteQuery({
    queryKey: ["/api/v1/agents", agentId, "connections"],
    queryFn: ({ signal, pageParam }) => {
      const parameters = new URLSearchParams({ limit: "25", ...(pageParam && { before: pageParam }) });
      return requestJson(`/api/v1/agents/${agentId}/connections?${parameters}`, ConnectionList, { signal });
    },
    initialPageParam: "",
    getNextPageParam: ({ next }) => next,
    refetchInterval: REFRESH_MS,
  });
  const open = pages.data?.pages[0]?.open ?? [];
  const ended = pages.data?.pages.flatMap((page) => page.ended) ?? [];
  const waiting = pages.data ? null : pages.error ? "They could not be read." : "Reading…";
  return (
    <>
      <Section title="Connections now">
        {waiting || open.length === 0 ? (
          <Absent>{waiting ?? "None: calls go by another agent of the cluster, or fail."}</Absent>
        ) : (
          <Connections label="Connections now" connections={open} />
        )}
      </Section>
      <Section title="Log of connects">
        {waiting || ended.length === 0 ? (
          <Absent>{waiting ?? "No connection of it has ended yet."}</Absent>
        ) : (
          <Connections label="Log of connects" connections={ended} />
        )}
        {pages.hasNextPage ? (
          <Button look="link" className="mt-1" onClick={() => void pages.fetchNextPage()}>
            Show more of the log
          </Button>
        ) : null}
      </Section>
    </>
  );
}

function Connections({ label, connections }: { label: string; connections: readonly ConnectionView[] }) {
  return (
    <ul className="grid gap-2" aria-label={label}>
      {connections.map((connection) => (
        <Connection key={connection.id} connection={connection} />
      ))}
    </ul>
  );
}

function Connection({ connection }: { connection: ConnectionView }) {
  const { since, until, ending, instance, hub, process, address, version, calls, bytesIn, bytesOut } =
    connection;
  return (
    <li className="rounded-2 border border-line px-3 py-2 [overflow-wrap:anywhere]">
      <p className="flex flex-wrap justify-between gap-x-3">
        <span className="font-medium text-fg">{instance}</span>
        <span className="text-fg-3">
          {until === null ? (
            <>
              since <When time={since} absent="" />
            </>
          ) : (
            <>
              <Moment time={since} absent="" />, for {formatDuration(Date.parse(until) - Date.parse(since))}
            </>
          )}
        </span>
      </p>
      <p className="text-fg-2">
        from <span className="mono">{address ?? "an unknown address"}</span>
        {version ? `, version ${version}` : ""}, to {process} of{" "}
        <span className="mono" title={hub}>
          {hub.slice(0, 8)}
        </span>
      </p>
      <p className="text-fg-3">
        {formatNumber(calls)} calls, {formatBytes(bytesIn)} to the cluster, {formatBytes(bytesOut)} from it
        {ending ? ` · ended: ${ending}` : ""}
      </p>
    </li>
  );
}
