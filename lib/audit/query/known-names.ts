import { AppError } from "../../errors.ts";
import { suggestWord } from "../../filter/suggest.ts";
import type { FilterComparison } from "../../filter/tree.ts";
import type { NamingTable } from "../columns/schema.ts";
import type { RunSql } from "../store/sql.ts";

const NOUNS: Record<NamingTable, string> = {
  projects: "project",
  departments: "department",
  node_pools: "node pool",
};

/**
 * Refuses a name that nothing has and that no call on the record has: most likely it is mistyped, and finding nothing would say something
 * else. A part of a name (`:`) may be of none.
 * @throws AppError `invalid_argument` that names the field.
 */
export async function requireKnownNames(
  run: RunSql,
  { field, op, values }: FilterComparison,
  { table, kind }: { table: NamingTable; kind: string },
): Promise<void> {
  if (op !== "=" && op !== "!=" && op !== "in") return;
  const names = (await run<{ name: string }>(`SELECT name FROM ${table}`, [])).map(({ name }) => name);
  const missing = values.filter((value) => value !== "" && !names.includes(value));
  if (missing.length === 0) return;
  const onRecord = await run<{ name: string }>(
    `SELECT DISTINCT name FROM audit_dictionary, unnest(string_to_array(value, E'\\n')) AS name
     WHERE kind = $1::text AND string_to_array(value, E'\\n') && $2::text[] AND name = ANY ($2::text[])`,
    [kind, missing],
  );
  const got = missing.find((value) => !onRecord.some(({ name }) => name === value));
  if (got === undefined) return;
  const noun = NOUNS[table];
  const near = suggestWord(got, names);
  throw new AppError(
    "invalid_argument",
    `filter: there is no ${noun} ${JSON.stringify(got)}, and no call on the record was in one of that name.${near ? ` Did you mean ${near}?` : ""}`,
    {
      details: [
        { field: "filter", got: `${field} = ${JSON.stringify(got)}`, takes: near ?? `the name of a ${noun}` },
      ],
    },
  );
}
