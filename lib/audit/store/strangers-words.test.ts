import { afterAll, beforeAll, expect, test } from "vitest";
import { generateEntries } from "../../../test/history/generate-entries.ts";
import { createTestInstallation, readEvents, type TestInstallation } from "../../../test/installation.ts";
import { systemContext } from "../../context.ts";
import type { KubeRequestEntry } from "../entry/entry.ts";
import { recordEventAlone } from "../events/record.ts";
import { storeBatch } from "../writer/store-batch.ts";
import { createDictionary } from "./dictionary.ts";

let db: TestInstallation;
beforeAll(async () => {
  db = await createTestInstallation();
});
afterAll(() => db.close());

const counts = async () => {
  const { rows } = await db.pool.query<{ terms: number; actors: number; clusters: number }>(
    `SELECT (SELECT count(*)::int FROM audit_dictionary) AS terms, (SELECT count(*)::int FROM audit_actor) AS actors,
       (SELECT count(*)::int FROM audit_cluster) AS clusters`,
  );
  return rows[0]!;
};

function strangersEntry(index: number, namespace = `namespace-${index}`): KubeRequestEntry {
  const [template] = [...generateEntries({ count: 1, from: Date.now() - 1_000, to: Date.now() })];
  return {
    ...template!,
    callId: crypto.randomUUID(),
    executedAt: Date.now(),
    stage: "complete",
    result: "failure",
    verb: "get",
    actor: { kind: "anonymous", id: "", name: "", email: "" },
    clientIp: "203.0.113.1",
    role: null,
    namespace,
    resource: `resource-${index}`,
    command: `command ${index}`,
    clientName: `client-${index}`,
    cluster: { id: "", name: `cluster-${index}`, endpoint: "" },
    message: "No access token was given.",
    kubernetesGroups: [],
    impersonatedUser: null,
    impersonatedGroups: [],
    apiGroup: null,
    body: null,
  };
}

test("strangers make few terms, actors and clusters; the words that have none are in the message", async () => {
  const dictionary = createDictionary(db.pool, { strangersTermsAnHour: 20 });
  const store = { pool: db.pool, dictionary };
  const known = {
    ...strangersEntry(0, "payments"),
    actor: { kind: "user" as const, id: "1", name: "A", email: "a@b" },
  };
  await storeBatch(store, {
    entries: [{ ...known, cluster: { id: "1", name: "prod", endpoint: "https://x" } }],
  });
  const before = await counts();
  for (let batch = 0; batch < 3; batch++) {
    const entries = Array.from({ length: 500 }, (_, index) => strangersEntry(1_000 + batch * 500 + index));
    await storeBatch(store, { entries });
  }
  await storeBatch(store, { entries: [strangersEntry(9_999, "payments")] });
  const after = await counts();
  // Beside those 20 the address, nobody's name and no cluster's.
  const made = after.terms - before.terms + after.actors - before.actors + after.clusters - before.clusters;
  expect(made).toBeLessThanOrEqual(24);
  const { rows } = await db.pool.query<{ namespace: string | null; message: string }>(
    `SELECT d.value AS namespace, message FROM kube_request LEFT JOIN audit_dictionary d ON d.id = namespace_id
     WHERE message LIKE '%resource-9999%'`,
  );
  expect(rows).toEqual([
    {
      namespace: "payments",
      message: expect.stringMatching(
        /^No access token was given\. \[not to be filtered by: resource "resource-9999", clientName "client-9999", command "command 9999"\]$/,
      ),
    },
  ]);
});

test("a failed sign-in's User-Agent beyond the bound is in its event's error", async () => {
  const ctx = { ...systemContext("test"), actor: { kind: "anonymous" as const, claimed: "mallory" } };
  const event = { action: "Login", entityType: "Login", status: "Failed", error: "wrong" } as const;
  for (let i = 0; i < 1_010; i++) await recordEventAlone({ ...ctx, userAgent: `agent ${i}` }, event);
  const events = await readEvents(db);
  expect(events.filter(({ userAgent }) => userAgent === null).at(-1)).toMatchObject({
    error: 'wrong [not to be filtered by: userAgent "agent 1009"]',
  });
  expect(events.filter(({ userAgent }) => userAgent !== null).length).toBeLessThanOrEqual(1_000);
}, 60_000);
