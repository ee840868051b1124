"use client";

import { EmptyRows } from "./empty-rows.tsx";
import { AuditTable } from "./table/audit-table.tsx";
import { PhoneList } from "./table/phone-list.tsx";
import { usePagesVersion } from "./table/use-row-pages.ts";
import { FailedRows, LoadingRows } from "./table-states.tsx";
import { UnreadableAddress } from "./unreadable.tsx";
import type { AuditPageModel } from "./use-audit-page.ts";

/** The rows, or why there are none. */
export function AuditRows<Row extends { no: number }>({
  model,
  isPhone,
}: {
  model: AuditPageModel<Row>;
  isPhone: boolean;
}) {
  const { rows, surface } = model;
  const { pages } = rows;
  const version = usePagesVersion(pages);
  if (!model.isReadable) return <UnreadableAddress model={model} />;
  if (!pages) return <LoadingRows />;
  if (pages.error && pages.rowCount === 0) {
    return <FailedRows error={pages.error} noun={surface.noun} onRetry={() => pages.retry()} />;
  }
  if (pages.isComplete && pages.rowCount === 0) {
    return <EmptyRows model={model} />;
  }
  const common = {
    pages,
    version,
    context: model.context,
    focused: model.focused,
    total: model.total,
    onOpenRow: model.openRow,
    scrollRef: model.scrollRef,
    onScrolled: model.setAtTop,
  };
  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      {rows.isStale ? <div className="refetch-bar top-[30px]" aria-hidden /> : null}
      {isPhone ? (
        <PhoneList surface={surface} {...common} />
      ) : (
        <AuditTable
          {...common}
          columns={surface.columns}
          state={model.columns}
          onState={model.setColumns}
          label={surface.title}
          onFocusRow={model.focusRow}
          isFailure={surface.isFailure}
        />
      )}
      {pages.error ? (
        <div className="banner is-failure" role="alert">
          <span>More {surface.noun.many} could not be loaded.</span>
          <button type="button" className="font-medium text-accent" onClick={() => pages.retry()}>
            Try again
          </button>
        </div>
      ) : null}
    </div>
  );
}
