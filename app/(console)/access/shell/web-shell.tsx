"use client";

import { useSearchParams } from "next/navigation";
import { useEffect, useRef } from "react";
import { FailedRows, LoadingRows } from "../../../components/audit/table-states.tsx";
import { TopBar } from "../../../components/shell/top-bar.tsx";
import { showFailure } from "../../../components/toaster.tsx";
import { useMe } from "../me/use-me.ts";
import { ChooseCluster } from "./choose-cluster.tsx";
import { TabBar } from "./tab-bar.tsx";
import { TerminalPane } from "./terminal-pane.tsx";
import { MOST_TABS } from "./terminal-tab.ts";
import { useTabs } from "./use-tabs.ts";

/** Terminals with kubectl, a tab each. `?cluster=` opens one on that cluster where there is none yet. */
export function WebShell() {
  const tabs = useTabs();
  const { data: me, error, refetch } = useMe();
  const wanted = useSearchParams().get("cluster");
  const opened = useRef(false);
  const clusters = me?.clusters;

  useEffect(() => {
    if (opened.current || !tabs.ready || !clusters || wanted === null) return;
    opened.current = true;
    const tab = tabs.tabs.find(({ clusterName }) => clusterName === wanted);
    const cluster = clusters.find(({ name }) => name === wanted);
    if (tab) tabs.choose(tab.key);
    else if (cluster && !tabs.isFull) tabs.open(cluster);
    // Where no terminal is open, the page itself says so.
    else if (tabs.tabs.length > 0)
      showFailure(
        `No terminal was opened on “${wanted}”`,
        cluster
          ? `${MOST_TABS} terminals are the most at once. Close one first.`
          : "It is no cluster of yours.",
      );
  }, [tabs, clusters, wanted]);

  const isEmpty = tabs.ready && tabs.tabs.length === 0;
  return (
    <main className="page page-shell">
      <TopBar path={["Access"]} title="Web shell">
        {tabs.tabs.length > 0 ? <TabBar tabs={tabs} clusters={clusters ?? []} /> : null}
      </TopBar>
      <div className="shell-panes">
        {isEmpty && clusters ? (
          <ChooseCluster
            clusters={clusters}
            unknown={unknownCluster(wanted, clusters)}
            onChoose={tabs.open}
          />
        ) : null}
        {isEmpty && !clusters && error ? (
          <FailedRows error={error} noun={{ many: "clusters" }} onRetry={() => void refetch()} />
        ) : null}
        {isEmpty && !clusters && !error ? <LoadingRows /> : null}
        {tabs.tabs.map((tab) => (
          <TerminalPane key={tab.key} tab={tab} tabs={tabs} isActive={tab.key === tabs.active} />
        ))}
      </div>
    </main>
  );
}

/** The cluster that the address names, where it is none of one's own. */
function unknownCluster(wanted: string | null, clusters: readonly { name: string }[]): string | null {
  return wanted !== null && clusters.every(({ name }) => name !== wanted) ? wanted : null;
}
