"use client";

import { useMediaQuery } from "../use-media-query.ts";
import type { ListColumn, RowAction } from "./list-column.ts";
import { ListPhoneRows, type PhoneLines } from "./list-phone-rows.tsx";
import { RowMenu } from "./row-menu.tsx";

/** A short table among other things on a page: all its rows are drawn. */
export function PlainTable<Row>({
  label,
  rows,
  columns,
  keyOf,
  nameOf,
  linesOf,
  actionsOf,
  isDim,
}: {
  label: string;
  rows: readonly Row[];
  columns: readonly ListColumn<Row>[];
  keyOf: (row: Row) => string;
  nameOf: (row: Row) => string;
  linesOf: (row: Row) => PhoneLines;
  actionsOf?: (row: Row) => readonly RowAction[];
  isDim?: (row: Row) => boolean;
}) {
  const isPhone = useMediaQuery("(max-width: 767px)");
  if (isPhone)
    return (
      <ListPhoneRows rows={rows} linesOf={linesOf} keyOf={keyOf} nameOf={nameOf} actionsOf={actionsOf} />
    );
  return (
    <div className="overflow-x-auto">
      <table className="audit-table plain-table" aria-label={label}>
        <colgroup>
          {columns.map((column) => (
            <col key={column.id} style={column.flexible ? undefined : { width: column.width }} />
          ))}
          {actionsOf ? <col style={{ width: 44 }} /> : null}
        </colgroup>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.id} scope="col" className={column.align === "end" ? "is-number" : undefined}>
                {column.label}
              </th>
            ))}
            {actionsOf ? (
              <th scope="col">
                <span className="sr-only">Actions</span>
              </th>
            ) : null}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)} className={isDim?.(row) ? "is-dim" : undefined}>
              {columns.map((column) => (
                <td key={column.id} className={column.className} title={column.title?.(row)}>
                  {column.cell(row)}
                </td>
              ))}
              {actionsOf ? (
                <td className="p-0! text-center">
                  <RowMenu name={nameOf(row)} actions={actionsOf(row)} />
                </td>
              ) : null}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
