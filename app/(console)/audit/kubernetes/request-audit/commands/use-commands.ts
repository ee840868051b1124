"use client";

import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import {
  type RequestAuditCommand,
  RequestAuditCommands,
  type RequestAuditEntry,
} from "../../../../../../lib/audit/request-audit/schema.ts";
import { queryString } from "../../../../../components/audit/audit-query.ts";
import type { AuditPageModel } from "../../../../../components/audit/use-audit-page.ts";
import { requestJson } from "../../../../../components/request-json.ts";
import { callsOfCommand } from "../calls-of-command.ts";
import { commandKey } from "./command-marks.tsx";

const PAGE_SIZE = 50;

/** The commands of the page's query, and the one of them that the keys are at. */
export type CommandsModel = ReturnType<typeof useCommands>;

export function useCommands(model: AuditPageModel<RequestAuditEntry>) {
  const router = useRouter();
  const { rowQuery, url } = model;
  const asked = queryString(rowQuery ?? model.query, { limit: PAGE_SIZE });
  const endpoint = `${model.surface.endpoint}/commands`;
  const list = useInfiniteQuery({
    queryKey: [endpoint, asked, model.now],
    queryFn: ({ pageParam, signal }) =>
      requestJson(
        `${endpoint}?${asked}${pageParam ? `&cursor=${encodeURIComponent(pageParam)}` : ""}`,
        RequestAuditCommands,
        { signal },
      ),
    initialPageParam: "",
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
    enabled: url.view === "commands" && rowQuery !== null,
  });
  const commands = list.data?.pages.flatMap((page) => page.commands) ?? [];
  const [focused, setFocused] = useState<string | null>(null);
  const index = commands.findIndex((command) => commandKey(command) === focused);

  function showCalls(command: RequestAuditCommand): void {
    // A line that made no call is shown where it was typed.
    if (command.calls === 0) {
      if (command.recordingId) router.push(`/audit/kubernetes/recordings/${command.recordingId}`);
      return;
    }
    void url.setView("calls");
    model.applyFilter(callsOfCommand(command));
  }

  function move(by: number): void {
    const next = index < 0 ? 0 : Math.min(commands.length - 1, Math.max(0, index + by));
    const command = commands[next];
    if (command) setFocused(commandKey(command));
  }

  function openFocused(): void {
    const command = commands[index];
    if (command) showCalls(command);
  }

  return {
    list,
    commands,
    count: list.data ? { count: commands.length, exact: !list.hasNextPage } : null,
    focused,
    focusedIndex: index < 0 ? null : index,
    move,
    openFocused,
    showCalls,
  };
}
