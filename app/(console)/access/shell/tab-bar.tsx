"use client";

import { Plus, X } from "lucide-react";
import type { KeyboardEvent } from "react";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuTrigger,
} from "../../../components/dropdown-menu.tsx";
import { IconButton } from "../../../components/icon-button.tsx";
import { closeTerminal } from "./terminal-connection.ts";
import { MOST_TABS, tabNames } from "./terminal-tab.ts";
import type { TabsModel } from "./use-tabs.ts";

export const tabId = (key: string) => `tab-${key}`;
export const paneId = (key: string) => `pane-${key}`;

/** The terminals, and one more. Arrows walk, Delete closes. */
export function TabBar({
  tabs,
  clusters,
}: {
  tabs: TabsModel;
  clusters: readonly { id: string; name: string }[];
}) {
  const names = tabNames(tabs.tabs);
  function close(key: string) {
    const tab = tabs.tabs.find((each) => each.key === key);
    if (tab?.terminalId) void closeTerminal(tab.terminalId);
    tabs.close(key);
  }
  /** A click, Enter and Space go on into the terminal; arrows stay among the tabs. */
  function enter(key: string) {
    tabs.choose(key);
    requestAnimationFrame(() => document.getElementById(paneId(key))?.querySelector("textarea")?.focus());
  }
  function onKeyDown(event: KeyboardEvent, at: number) {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (by !== undefined) {
      const next = tabs.tabs[(at + by + tabs.tabs.length) % tabs.tabs.length]!;
      tabs.choose(next.key);
      document.getElementById(tabId(next.key))?.focus();
    } else if (event.key === "Delete") close(tabs.tabs[at]!.key);
    else return;
    event.preventDefault();
  }
  return (
    <div className="shell-tabs">
      <div role="tablist" aria-label="Terminals" className="flex min-w-0 gap-1 overflow-x-auto">
        {tabs.tabs.map((tab, at) => (
          <button
            key={tab.key}
            type="button"
            role="tab"
            id={tabId(tab.key)}
            className="shell-tab"
            aria-controls={paneId(tab.key)}
            aria-selected={tab.key === tabs.active}
            tabIndex={tab.key === tabs.active ? 0 : -1}
            onClick={() => enter(tab.key)}
            onKeyDown={(event) => onKeyDown(event, at)}
          >
            {names[at]}
          </button>
        ))}
      </div>
      <IconButton
        label={`Close ${names[tabs.tabs.findIndex(({ key }) => key === tabs.active)] ?? ""}`}
        onClick={() => tabs.active && close(tabs.active)}
      >
        <X aria-hidden />
      </IconButton>
      <DropdownMenu>
        <DropdownMenuTrigger asChild>
          <IconButton
            label={tabs.isFull ? `${MOST_TABS} terminals are the most at once` : "New terminal"}
            disabled={tabs.isFull || clusters.length === 0}
          >
            <Plus aria-hidden />
          </IconButton>
        </DropdownMenuTrigger>
        <DropdownMenuContent align="start">
          <DropdownMenuLabel>New terminal on</DropdownMenuLabel>
          {clusters.map((cluster) => (
            <DropdownMenuItem key={cluster.id} onSelect={() => tabs.open(cluster)}>
              {cluster.name}
            </DropdownMenuItem>
          ))}
        </DropdownMenuContent>
      </DropdownMenu>
    </div>
  );
}
