import type { RunSql } from "../store/sql.ts";
import { prepareQuery } from "./audit-query.ts";
import type { FactRow } from "./rows.ts";
import type { AuditScope } from "./scope.ts";
import { SqlParameters } from "./sql-parameters.ts";
import type { Surface } from "./surface.ts";

const EVER = { from: new Date("0001-01-01T00:00:00Z"), to: new Date("9999-12-31T00:00:00Z") };

interface Looked {
  surface: Surface;
  scope: AuditScope;
}

/** Finds a row by its number, within the scope; null when there is none. Each partition's BRIN index rules it out or in. */
export async function findRowByNo(run: RunSql, input: Looked & { no: number }): Promise<FactRow | null> {
  const [row] = await findRows(run, input, { column: "no", type: "bigint", value: input.no, limit: 1 });
  return row ?? null;
}

/** Finds the rows, within the scope, that have an id in a column that has an index. */
export function findRowsById(
  run: RunSql,
  input: Looked & { column: string; id: string; limit: number },
): Promise<FactRow[]> {
  const { column, id, limit } = input;
  return findRows(run, input, { column, type: "uuid", value: id, limit });
}

async function findRows(
  run: RunSql,
  { surface, scope }: Looked,
  wanted: { column: string; type: string; value: unknown; limit: number },
): Promise<FactRow[]> {
  const reference = { now: new Date(), timeZone: "UTC" };
  const query = await prepareQuery(run, { surface, scope, window: EVER, filter: null, reference });
  const parameters = new SqlParameters();
  const value = parameters.add(wanted.value, wanted.type);
  return run<FactRow>(
    `SELECT * FROM ${surface.table} WHERE ${wanted.column} = ${value} AND ${query.condition(parameters, "null")}
     LIMIT ${parameters.add(wanted.limit, "int")}`,
    parameters.values,
  );
}
