import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../test/database.ts";
import { generateEntries } from "../../../test/history/generate-entries.ts";
import { createDictionary, type Term } from "../store/dictionary.ts";
import { addDays, dayOf } from "../store/partitions.ts";
import { storeBatch } from "../writer/store-batch.ts";
import { pruneTerms } from "./prune-terms.ts";
import { dropExpiredDays } from "./retention.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

const DAY_MS = 86_400_000;
const now = Date.now();
const today = dayOf(now);
const inDays = (days: number) => new Date(now + days * DAY_MS);
const command = (value: string): Term => ({ kind: "command", value });

async function commands(): Promise<string[]> {
  const { rows } = await db.pool.query<{ value: string }>(
    "SELECT value FROM audit_dictionary WHERE kind = 'command' ORDER BY value",
  );
  return rows.map(({ value }) => value);
}

test("with its last day goes what only that day named: commands, people, clusters; what was named since stays", async () => {
  const [template] = [...generateEntries({ count: 1, from: now - 1_000, to: now })];
  const entry = (days: number, name: string) => ({
    ...template!,
    callId: crypto.randomUUID(),
    executedAt: inDays(days).getTime(),
    command: `kubectl ${name}`,
    actor: { kind: "user" as const, id: name, name, email: `${name}@example.com` },
    cluster: { id: name, name, endpoint: `https://${name}` },
  });
  const store = { pool: db.pool, dictionary: createDictionary(db.pool) };
  await storeBatch(store, { entries: [entry(0, "once"), entry(0, "again")] });
  await storeBatch(store, { entries: [entry(5, "again")] });

  expect(await dropExpiredDays(db.pool, 3, inDays(5))).toContain(today);
  expect(await commands()).toEqual(["kubectl again"]);
  for (const table of ["audit_actor", "audit_cluster"]) {
    const { rows } = await db.pool.query(`SELECT name FROM ${table} WHERE name IN ('once', 'again')`);
    expect(rows).toEqual([{ name: "again" }]);
  }
  // Whoever knew the id does not use it for what comes later.
  await storeBatch(store, { entries: [entry(6, "once")] });
  const { rows } = await db.pool.query(
    `SELECT d.value, a.email, c.name FROM kube_request r JOIN audit_dictionary d ON d.id = r.command_id
     JOIN audit_actor a ON a.id = r.actor_id JOIN audit_cluster c ON c.id = r.cluster_id ORDER BY 1`,
  );
  expect(rows).toEqual([
    { value: "kubectl again", email: "again@example.com", name: "again" },
    { value: "kubectl once", email: "once@example.com", name: "once" },
  ]);
});

test("an id that was given out is there, whatever is removed meanwhile, by however many replicas", async () => {
  const replicas = [createDictionary(db.pool), createDictionary(db.pool)];
  const terms = Array.from({ length: 200 }, (_, index) => command(`race ${index}`));
  for (let round = 1; round <= 8; round++) {
    const day = addDays(today, round * 10);
    const [first, second] = await Promise.all([
      ...replicas.map((dictionary) => dictionary.intern({ day, strings: terms, actors: [], clusters: [] })),
      pruneTerms(db.pool, day),
      pruneTerms(db.pool, day),
    ]);
    for (const { value } of terms) {
      const ids = [first, second].map((ids) => (typeof ids === "object" ? ids.string("command", value) : 0));
      const { rows } = await db.pool.query(
        "SELECT id FROM audit_dictionary WHERE kind = 'command' AND value = $1",
        [value],
      );
      expect(ids).toEqual([rows[0].id, rows[0].id]);
    }
  }
});

test("what is named every day is marked once a day, not at every use", async () => {
  const dictionary = createDictionary(db.pool);
  const marks = async () => {
    const { rows } = await db.pool.query<{ xmin: string }>(
      "SELECT xmin::text FROM audit_dictionary WHERE kind = 'command' AND value = 'daily'",
    );
    return rows[0]?.xmin;
  };
  const use = (day: string) =>
    dictionary.intern({ day, strings: [command("daily")], actors: [], clusters: [] });
  await use(today);
  const made = await marks();
  await use(today);
  await createDictionary(db.pool).intern({
    day: today,
    strings: [command("daily")],
    actors: [],
    clusters: [],
  });
  expect(await marks()).toBe(made);
  await use(addDays(today, 1));
  expect(await marks()).not.toBe(made);
});
