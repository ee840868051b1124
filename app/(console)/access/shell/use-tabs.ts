"use client";

import { useEffect, useState } from "react";
import {
  MOST_TABS,
  NO_TABS,
  newTab,
  readTabs,
  storeTabs,
  type Tabs,
  type TerminalTab,
} from "./terminal-tab.ts";

export interface TabsModel extends Tabs {
  /** False until the browser's own are read. */
  ready: boolean;
  isFull: boolean;
  open(cluster: { id: string; name: string }): void;
  /** A new terminal in the place of one that has ended. */
  renew(key: string): void;
  choose(key: string): void;
  close(key: string): void;
  noteTerminal(key: string, terminalId: string): void;
  /** Its terminal has ended. */
  noteEnd(key: string): void;
}

/** The tabs, kept in this browser tab. */
export function useTabs(): TabsModel {
  const [state, setState] = useState<Tabs & { ready: boolean }>({ ...NO_TABS, ready: false });
  useEffect(() => setState({ ...readTabs(), ready: true }), []);
  useEffect(() => {
    if (state.ready) storeTabs({ tabs: state.tabs, active: state.active });
  }, [state]);

  const change = (make: (now: Tabs) => Tabs) => setState((now) => ({ ...make(now), ready: now.ready }));
  const replace = (key: string, make: (tab: TerminalTab) => TerminalTab) =>
    change((now) => {
      const tabs = now.tabs.map((tab) => (tab.key === key ? make(tab) : tab));
      const at = now.tabs.findIndex((tab) => tab.key === key);
      return { tabs, active: now.active === key ? (tabs[at]?.key ?? null) : now.active };
    });
  return {
    ...state,
    isFull: state.tabs.length >= MOST_TABS,
    open: (cluster) =>
      change((now) => {
        if (now.tabs.length >= MOST_TABS) return now;
        const tab = newTab(cluster);
        return { tabs: [...now.tabs, tab], active: tab.key };
      }),
    renew: (key) =>
      replace(key, ({ clusterId, clusterName }) => newTab({ id: clusterId, name: clusterName })),
    choose: (key) => change((now) => ({ ...now, active: key })),
    close: (key) =>
      change(({ tabs, active }) => {
        const at = tabs.findIndex((tab) => tab.key === key);
        const left = tabs.filter((tab) => tab.key !== key);
        return {
          tabs: left,
          active: active === key ? (left[Math.min(at, left.length - 1)]?.key ?? null) : active,
        };
      }),
    noteTerminal: (key, terminalId) => replace(key, (tab) => ({ ...tab, terminalId })),
    noteEnd: (key) => replace(key, (tab) => ({ ...tab, isOver: true })),
  };
}
