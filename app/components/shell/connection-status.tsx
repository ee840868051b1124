"use client";

import { CloudOff, Hourglass } from "lucide-react";
import type { ReactNode } from "react";
import { useGatewayConnection } from "../connection/use-gateway-connection.ts";
import { formatClock } from "../time/format-time.ts";

/**
 * Shows what it wraps only while that is known: nothing is said of a record that nobody could ask about. `checkedAt`: when the gateway
 * last told what is shown; null while that is on its way. `isStale`: asking again has failed since.
 */
export function ConnectionStatus({
  checkedAt,
  isStale,
  timeZone,
  children,
}: {
  checkedAt: number | null;
  isStale: boolean;
  timeZone: string;
  children: ReactNode;
}) {
  const { state, lastAnswer } = useGatewayConnection();
  if (state === "lost") {
    return (
      <Note icon={<CloudOff aria-hidden className="text-fail" />} title="Gateway does not answer">
        {lastAnswer === null ? "Asked again by itself" : `Last answer ${formatClock(lastAnswer, timeZone)}`}
      </Note>
    );
  }
  if (checkedAt === null) {
    return (
      <Note
        icon={<Hourglass aria-hidden className="text-fg-3" />}
        title={isStale ? "Record not checked" : "Connecting"}
      >
        {isStale ? "Its state could not be read" : "The record’s state is on its way"}
      </Note>
    );
  }
  if (isStale) {
    return (
      <Note icon={<Hourglass aria-hidden className="text-warn" />} title="Record not checked">
        Not since {formatClock(checkedAt, timeZone)}
      </Note>
    );
  }
  return children;
}

function Note({ icon, title, children }: { icon: ReactNode; title: string; children: ReactNode }) {
  return (
    <div className="nav-proof" role="status">
      {icon}
      <b>{title}</b>
      <span className="tabular-nums">{children}</span>
    </div>
  );
}
