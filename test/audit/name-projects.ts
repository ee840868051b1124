import type pg from "pg";

/** Projects, departments and node pools of every name that `arbitraryFilter` looks for: a filter may name only what there is. */
export async function nameProjects(pool: pg.Pool): Promise<void> {
  const names = ["absent", "%", "_", "x'y\"z\\", "PROD"];
  await pool.query("insert into projects (name, members) select unnest($1::text[]), '[]'", [names]);
  await pool.query("insert into departments (name) select unnest($1::text[])", [names]);
  await pool.query("insert into node_pools (name, members) select unnest($1::text[]), '[]'", [names]);
}
