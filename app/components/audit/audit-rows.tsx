"use client";

import { useEffect } from "react";
import { classNames } from "../class-names.ts";
import { isOutage, RequestError } from "../request-error.ts";
import { useDelayed } from "../use-delayed.ts";
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
  const { rows, surface, url } = model;
  const { pages } = rows;
  const version = usePagesVersion(pages);
  useRetry(rows.staleError ?? pages?.error, rows.retry);
  const isOld = useDelayed(rows.isOther);
  if (!model.isReadable) return <UnreadableAddress model={model} />;
  if (!pages) return <LoadingRows />;
  // Counted by another answer, there may be rows of which none is here.
  if (pages.error && pages.heldRows === 0) {
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
    <div className={classNames("table-frame", isOld && "is-old")} aria-busy={rows.isStale}>
      {rows.isStale && !rows.staleError ? <div className="refetch-bar top-[30px]" aria-hidden /> : null}
      {isPhone ? (
        <PhoneList surface={surface} {...common} />
      ) : (
        <AuditTable
          {...common}
          columns={surface.columns}
          state={model.columns}
          onState={model.setColumns}
          label={surface.title}
          order={url.order}
          onOrder={(order) => void url.setOrder(order)}
          onFocusRow={model.focusRow}
          isFailure={surface.isFailure}
        />
      )}
      {rows.staleError || pages.error ? (
        <div className="banner is-failure" role="alert">
          <span className="cut">
            {rows.staleError
              ? `These ${surface.noun.many} are from before: ${messageOf(rows.staleError)}`
              : `More ${surface.noun.many} could not be loaded.`}
          </span>
          <button type="button" className="flex-none font-medium text-accent" onClick={rows.retry}>
            Try again
          </button>
        </div>
      ) : null}
    </div>
  );
}

/** While something behind the gateway is away, rows that could not be read are asked for this often. */
const AGAIN_MS = 5_000;

function useRetry(error: unknown, retry: () => void): void {
  useEffect(() => {
    if (!isOutage(error)) return;
    const timer = setTimeout(retry, AGAIN_MS);
    return () => clearTimeout(timer);
  }, [error, retry]);
}

function messageOf(error: unknown): string {
  return error instanceof RequestError ? error.message : "The answer could not be read.";
}
