import type { RunSql } from "../store/sql.ts";
import { prepareQuery } from "./audit-query.ts";
import type { FactRow } from "./rows.ts";
import type { AuditScope } from "./scope.ts";
import { SqlParameters } from "./sql-parameters.ts";
import type { Surface } from "./surface.ts";

const EVER = { from: new Date("0001-01-01T00:00:00Z"), to: new Date("9999-12-31T00:00:00Z") };

/** Finds a row by its number, within the scope; null when there is none. Each partition's BRIN index rules it out or in. */
export async function findRowByNo(
  run: RunSql,
  input: { surface: Surface; scope: AuditScope; no: number },
): Promise<FactRow | null> {
  const { surface, scope, no } = input;
  const reference = { now: new Date(), timeZone: "UTC" };
  const query = await prepareQuery(run, { surface, scope, window: EVER, filter: null, reference });
  const parameters = new SqlParameters();
  const number = parameters.add(no, "bigint");
  const rows = await run<FactRow>(
    `SELECT * FROM ${surface.table} WHERE no = ${number} AND ${query.condition(parameters, "null")} LIMIT 1`,
    parameters.values,
  );
  return rows[0] ?? null;
}
