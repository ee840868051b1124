"use client";

import type { ReactNode } from "react";
import type { RowAction } from "./list-column.ts";
import { RowMenu } from "./row-menu.tsx";

/** A row in two lines. */
export interface PhoneLines {
  first: ReactNode;
  second: ReactNode;
}

/** The rows of a list on a narrow screen. */
export function ListPhoneRows<Row>({
  rows,
  linesOf,
  keyOf,
  nameOf,
  onOpen,
  actionsOf,
}: {
  rows: readonly Row[];
  linesOf: (row: Row) => PhoneLines;
  keyOf: (row: Row) => string;
  nameOf: (row: Row) => string;
  onOpen?: (row: Row) => void;
  actionsOf?: (row: Row) => readonly RowAction[];
}) {
  return (
    <ul className="min-h-0 flex-1 overflow-auto">
      {rows.map((row) => {
        const { first, second } = linesOf(row);
        const lines = (
          <>
            <span className="cut block text-nav font-medium text-fg">{first}</span>
            <span className="cut block text-fg-3">{second}</span>
          </>
        );
        return (
          <li key={keyOf(row)} className="flex min-h-[60px] items-center border-b border-line pr-1">
            {onOpen ? (
              <button
                type="button"
                className="min-w-0 flex-1 px-4 py-2.5 text-left"
                onClick={() => onOpen(row)}
              >
                {lines}
              </button>
            ) : (
              <div className="min-w-0 flex-1 px-4 py-2.5">{lines}</div>
            )}
            {actionsOf ? <RowMenu name={nameOf(row)} actions={actionsOf(row)} /> : null}
          </li>
        );
      })}
    </ul>
  );
}
