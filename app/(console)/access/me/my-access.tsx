"use client";

import { useQueryClient } from "@tanstack/react-query";
import { Download, FlaskConical, HandHelping, SquareTerminal } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { FailedRows, LoadingRows } from "../../../components/audit/table-states.tsx";
import { Button } from "../../../components/button.tsx";
import { REQUEST_NOTICE } from "../../../components/requests/use-request-notice.ts";
import { Page } from "../../../components/shell/page-frame.tsx";
import { AskDialog } from "../requests/ask-dialog.tsx";
import { DownloadKubeconfigDialog } from "./download-kubeconfig-dialog.tsx";
import { OWN_REQUESTS, OwnRequests } from "./own-requests.tsx";
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
  const [asking, setAsking] = useState(false);
  const client = useQueryClient();
  const refresh = () => {
    void refetch();
    void client.invalidateQueries({ queryKey: [OWN_REQUESTS] });
    void client.invalidateQueries({ queryKey: [REQUEST_NOTICE] });
  };
  const [downloading, setDownloading] = useState<{ cluster: string | null } | null>(null);
  return (
    <Page
      path={["Access"]}
      title="My access"
      actions={
        <>
          <Button onClick={() => setAsking(true)}>
            <HandHelping aria-hidden />
            <span className="max-tablet:sr-only">Request access…</span>
          </Button>
          {me && me.clusters.length > 0 ? (
            <>
              <Button asChild>
                <Link href="/access/simulator">
                  <FlaskConical aria-hidden />
                  <span className="max-tablet:sr-only">May I …?</span>
                </Link>
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
                <span className="max-tablet:sr-only">Download kubeconfig</span>
              </Button>
            </>
          ) : null}
        </>
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
            <Link href="/access/sessions" className="text-accent underline underline-offset-2">
              My sessions and tokens
            </Link>
            .
          </p>
          <OwnRequests />
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
      <AskDialog open={asking} onOpenChange={setAsking} onDone={refresh} />
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
