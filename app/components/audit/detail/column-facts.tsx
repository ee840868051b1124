import type { ColumnTable } from "../../../../lib/audit/columns/derived/schema.ts";
import { columnText } from "../column-text.ts";
import { Absent, Fact } from "./facts.tsx";

/** The columns that a section of the drawer has as ordinary facts: `Fact`s, for `Facts`. */
export function ColumnFacts({ table, section, row }: { table: ColumnTable; section: string; row: object }) {
  return Object.entries(table.columns).map(([key, { facts }]) => {
    if (facts.fact?.section !== section) return null;
    const text = columnText({ facts }, Reflect.get(row, key));
    if (text === "" && facts.fact.absent === undefined) return null;
    return (
      <Fact key={key} name={facts.label}>
        {text === "" ? (
          <Absent>{facts.fact.absent}</Absent>
        ) : (
          <span className={facts.look && "identifier"}>{text}</span>
        )}
      </Fact>
    );
  });
}
