"use client";

import { Download, SquareTerminal } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { FailedRows, LoadingRows } from "../../../components/audit/table-states.tsx";
import { Button } from "../../../components/button.tsx";
import { Page } from "../../../components/shell/page-frame.tsx";
import { DownloadKubeconfigDialog } from "./download-kubeconfig-dialog.tsx";
import { ReachableClusters } from "./reachable-clusters.tsx";
import { type MyAnswer, useMe } from "./use-me.ts";

/** What one may reach, and with what one proves oneself. */
export function MyAccess({
  longestMs,
  server,
  hasWebShell,
}: {
  longestMs: number;
  server: string;
  hasWebShell: boolean;
}) {
  const { data: me, error, refetch } = useMe();
  const [downloading, setDownloading] = useState<{ cluster: string | null } | null>(null);
  return (
    <Page
      path={["Access"]}
      title="My access"
      actions={
        me && me.clusters.length > 0 ? (
          <>
            <Button asChild>
              <Link href="/access/simulator">May I …?</Link>
            </Button>
            {hasWebShell ? (
              <Button asChild>
                <Link href={shellAddress(me)}>
                  <SquareTerminal aria-hidden />
                  <span className="max-tablet:sr-only">Open web shell</span>
                </Link>
              </Button>
            ) : null}
            <Button look="primary" onClick={() => setDownloading({ cluster: null })}>
              <Download aria-hidden className="text-accent-fg!" />
              Download kubeconfig
            </Button>
          </>
        ) : null
      }
    >
      {me ? (
        <>
          <ReachableClusters
            me={me}
            server={server}
            hasWebShell={hasWebShell}
            onDownload={(cluster) => setDownloading({ cluster })}
          />
          <p className="page-section px-4 py-3 text-nav text-fg-2">
            Each kubeconfig brings a token of its own. They are listed, and end, under{" "}
            <Link href="/access/sessions" className="text-accent">
              My sessions and tokens
            </Link>
            .
          </p>
          {downloading ? (
            <DownloadKubeconfigDialog
              me={me}
              cluster={downloading.cluster}
              longestMs={longestMs}
              onClose={() => setDownloading(null)}
            />
          ) : null}
        </>
      ) : null}
      {!me && error ? (
        <FailedRows error={error} noun={{ many: "grants" }} onRetry={() => void refetch()} />
      ) : null}
      {me || error ? null : <LoadingRows />}
    </Page>
  );
}

/** Who has one cluster means that one. */
function shellAddress({ clusters }: MyAnswer): string {
  const [only] = clusters;
  return only && clusters.length === 1
    ? `/access/shell?cluster=${encodeURIComponent(only.name)}`
    : "/access/shell";
}
