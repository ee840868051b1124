import { type Columns, type ColumnTable, inOrder } from "../../../../lib/audit/columns/derived/schema.ts";
import type { Column } from "../../../../lib/audit/columns/schema.ts";
import { classNames } from "../../class-names.ts";
import { columnText } from "../column-text.ts";
import type { AuditCell, AuditColumn } from "../surface.ts";

/** Cells that show more than the text of their value, by column. */
export type OwnCells<C extends Columns, Row> = { [Key in keyof C]?: Partial<AuditCell<Row>> };

/** The columns of an audit table that have a place in the list, each with its own cell or the usual one of its kind. */
export function listedColumns<C extends Columns, Row extends object>(
  { columns, listFirst }: ColumnTable<C>,
  own: OwnCells<C, Row>,
): AuditColumn<Row>[] {
  return inOrder(columns, listFirst).flatMap((id) => {
    const column = columns[id] as Column;
    const { list, label } = column.facts;
    if (!list) return [];
    const isNumber = column.stored.holds === "number";
    return [{ id, label, ...list, ...(isNumber && { align: "end" }), ...usualCell(id, column), ...own[id] }];
  });
}

function usualCell<Row extends object>(id: string, column: Column): AuditCell<Row> {
  const textOf = (row: Row) => columnText(column, Reflect.get(row, id));
  const { look } = column.facts;
  const identifier = classNames("identifier", look === "dimmed" && "is-dim");
  return {
    title: column.stored.holds === "number" ? undefined : (row) => textOf(row) || undefined,
    cell: look ? (row) => <span className={identifier}>{textOf(row)}</span> : textOf,
  };
}
