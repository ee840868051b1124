"use client";

import type { RequestAuditEntry } from "../../../../../../lib/audit/request-audit/schema.ts";
import { EmptyRows } from "../../../../../components/audit/empty-rows.tsx";
import { FailedRows, LoadingRows } from "../../../../../components/audit/table-states.tsx";
import { UnreadableAddress } from "../../../../../components/audit/unreadable.tsx";
import type { AuditPageModel } from "../../../../../components/audit/use-audit-page.ts";
import { Button } from "../../../../../components/button.tsx";
import { useMediaQuery } from "../../../../../components/use-media-query.ts";
import { CommandsList } from "./commands-list.tsx";
import { CommandsTable } from "./commands-table.tsx";
import type { CommandsModel } from "./use-commands.ts";

/** Commands, each with the number of calls that it became; opening one shows the calls. */
export function CommandsView({
  model,
  commands: { list, commands, focused, showCalls },
}: {
  model: AuditPageModel<RequestAuditEntry>;
  commands: CommandsModel;
}) {
  const isPhone = useMediaQuery("(max-width: 767px)");
  if (!model.rowQuery) return <UnreadableAddress model={model} />;
  if (list.isPending) return <LoadingRows />;
  if (list.isError) {
    return <FailedRows error={list.error} noun={{ many: "commands" }} onRetry={() => void list.refetch()} />;
  }
  if (commands.length === 0) {
    return (
      <EmptyRows
        model={model}
        listed={{
          noun: { many: "commands" },
          firstRun: {
            text: "Commands come from kubectl, which names them with each call, and from the web shell.",
          },
        }}
      />
    );
  }
  const shown = { commands, focused, context: model.context, onOpen: showCalls };
  return (
    <div className="table-scroll">
      {isPhone ? <CommandsList {...shown} /> : <CommandsTable {...shown} />}
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
