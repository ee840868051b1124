"use client";

import type { ReactNode } from "react";
import type { RecordingEntry } from "../../../../../../lib/audit/recordings/schema.ts";
import { formatNumber } from "../../../../../components/audit/format-count.ts";
import { TopBar } from "../../../../../components/shell/top-bar.tsx";
import { DownloadMenu } from "./download-menu.tsx";
import { EntryFacts } from "./session-facts.tsx";

export const RECORDINGS_PATH = [
  "Audit",
  "Kubernetes",
  { label: "Pod sessions", href: "/audit/kubernetes/recordings" },
] as const;

/** The page of a recording: what it is of, above what there is to see of it. */
export function RecordingFrame({
  entry = null,
  address,
  actions,
  foot,
  children,
}: {
  entry?: RecordingEntry | null;
  address?: string;
  actions?: ReactNode;
  foot?: ReactNode;
  children: ReactNode;
}) {
  return (
    <main className="page page-recording">
      <TopBar path={RECORDINGS_PATH} title={entry ? `Session ${formatNumber(entry.no)}` : "Pod session"}>
        {actions}
        {entry && address ? <DownloadMenu entry={entry} address={address} /> : null}
      </TopBar>
      {entry ? <EntryFacts entry={entry} /> : <span />}
      <div className="min-h-0 overflow-hidden">{children}</div>
      {foot ?? <span />}
    </main>
  );
}
