import { afterAll, beforeAll, expect, test } from "vitest";
import { storeRecordings } from "../../../test/audit/store-recordings.ts";
import { createTestDatabase, type TestDatabase } from "../../../test/database.ts";
import { generateRecordings } from "../../../test/history/generate-recordings.ts";
import { auditScope } from "../../access/permission.ts";
import { type Context, systemContext } from "../../context.ts";
import { parseFilter } from "../../filter/parse.ts";
import { countRecordings, listRecordings } from "../recordings/read.ts";
import { RECORDING_FIELDS } from "../recordings/schema.ts";

let db: TestDatabase;
const from = Date.parse("2026-11-18T00:00:00Z");
const to = Date.parse("2026-11-20T00:00:00Z");
const ctx = systemContext("test");
const scope = auditScope(ctx);
const RECORDINGS = 12;
/** What is typed and shown in the recordings, by their place in the order of time; the others have nothing. */
const TEXTS: Record<number, { commands?: string[]; output?: string }> = {
  0: { commands: ["rm -rf /data"], output: "/ # rm -rf /data\n-----BEGIN RSA PRIVATE KEY-----" },
  1: { commands: ["ls"], output: "100%_done\nPrünk" },
  2: { commands: ["RM file"], output: "100 percent, done\nprÜNK" },
  3: { output: "nothing of note" },
};
let ids: string[];

beforeAll(async () => {
  db = await createTestDatabase();
  const recordings = [...generateRecordings({ count: RECORDINGS, from, to, seed: 3 })];
  await storeRecordings(db.pool, recordings);
  ids = recordings.map(({ recordingId }) => recordingId);
  for (const [index, { commands = [], output }] of Object.entries(TEXTS)) {
    const { recordingId, startedAt } = recordings[Number(index)]!;
    const store = (seq: number, kind: number, text: string) =>
      db.pool.query(
        "INSERT INTO recording_text (started_at, recording_id, seq, at_ms, kind, text, line_ms) VALUES ($1, $2, $3, 0, $4, $5, '{0}')",
        [new Date(startedAt), recordingId, seq, kind, text],
      );
    for (const [seq, command] of commands.entries()) await store(seq, 1, command);
    if (output) await store(0, 2, output);
  }
}, 60_000);
afterAll(() => db.close());

const windowText = { from: new Date(from).toISOString(), to: new Date(to).toISOString(), timeZone: "UTC" };

async function found(filter: string): Promise<number[]> {
  const query = { ...windowText, limit: 100, filter, order: "oldest" as const };
  const { entries } = await listRecordings({ ctx, scope, query });
  expect(await countRecordings({ ctx, scope, query })).toEqual({ count: entries.length, exact: true });
  return entries.map(({ recordingId }) => ids.indexOf(recordingId));
}

test.each([
  ['command : "rm -rf"', [0]],
  ["command : rm", [0, 2]],
  ["command : s", [1]],
  ['output : "begin rsa"', [0]],
  ['output : "100%_"', [1]],
  ["output : 100", [1, 2]],
  ["output : prünk", [1, 2]],
  ["output : absent", []],
  ["command : rm AND output : done", [2]],
  ["NOT command : rm AND (output : done OR output : note)", [1, 3]],
])("%s", async (filter, expected) => {
  expect(await found(filter)).toEqual(expected);
});

test("NOT finds all that have not the text, those without any among them", async () => {
  expect(await found("NOT output : done")).toHaveLength(RECORDINGS - 2);
});

test("outside of the range nothing is found", async () => {
  const query = { from: "2026-11-21", to: "2026-11-22", timeZone: "UTC", limit: 10, filter: "command : rm" };
  expect((await listRecordings({ ctx, scope, query })).entries).toEqual([]);
});

test.each([
  ["command = rm", "command does not take =. It takes :."],
  ["command != rm", "command does not take !=. It takes :."],
  ["command IN (rm)", "command does not take IN. It takes :."],
  ["command =^ rm", "command does not take =^. It takes :."],
  ["command:*", "command does not take :*. It takes :."],
  ["output : rm", "output takes at least 3 characters"],
])("%s is refused in words", (filter, message) => {
  const parsed = parseFilter(filter, RECORDING_FIELDS);
  expect(parsed).toMatchObject({ ok: false, error: { message: expect.stringContaining(message) } });
});

test("who sees only their own is refused, and whoever else may not play", async () => {
  const actor = {
    kind: "user",
    id: "00000000-0000-4000-8000-000000000001",
    name: "Ann",
    email: "ann@acme.example",
    consoleRole: "user",
  };
  const person = { ...ctx, actor } as unknown as Context;
  const query = { ...windowText, limit: 10, filter: "command : rm" };
  const refused = { code: "permission_denied", message: expect.stringContaining('"recordings:play"') };
  await expect(listRecordings({ ctx: person, scope: auditScope(person), query })).rejects.toMatchObject(
    refused,
  );
  await expect(countRecordings({ ctx: person, scope: auditScope(person), query })).rejects.toMatchObject(
    refused,
  );
  const reader = { ...scope, recordings: false };
  await expect(listRecordings({ ctx, scope: reader, query })).rejects.toMatchObject(refused);
});
