import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestInstallation, type TestInstallation } from "../../../test/installation.ts";
import { systemContext } from "../../context.ts";
import { inTransaction } from "../../db/client.ts";
import { database } from "../../db/connection.ts";
import { createPerson } from "../../identity/people/mutations.ts";
import { takeOverGroups } from "../../identity/provider-changes/former-groups.ts";
import { createGrant } from "../grants/mutations.ts";
import { updateBuiltInRoles } from "../roles/mutations.ts";
import { loadGrantRows, readAccessFingerprint } from "./load.ts";

const ctx = systemContext("test");
const FORMER = "https://former.example";
let db: TestInstallation;

beforeAll(async () => {
  db = await createTestInstallation();
  await updateBuiltInRoles({ ctx });
  await createPerson({ ctx, input: { email: "ann@acme.example", name: "Ann", groups: ["payments"] } });
  const input = { role: "developer", subjectKind: "group" as const, subject: "payments", cluster: null };
  await createGrant({ ctx, input });
});
afterAll(() => db.close());

/** What a replica that missed the notification goes by. */
async function fingerprintAndGrants() {
  return { fingerprint: await readAccessFingerprint(), grants: (await loadGrantRows()).length };
}

async function ownIssuer(): Promise<string> {
  const { rows } = await db.pool.query("select issuer from groups where name = 'payments'");
  return rows[0].issuer;
}

test("a group that goes over to another provider changes what a poll compares", async () => {
  const issuer = await ownIssuer();
  const before = await fingerprintAndGrants();
  expect(before.grants).toBe(1);
  await inTransaction(database(), (tx) => takeOverGroups(tx, ctx, { former: issuer, issuer: FORMER }));
  const away = await fingerprintAndGrants();
  expect(away.grants).toBe(0);
  expect(away.fingerprint).not.toBe(before.fingerprint);

  // Back, where there is a group of that name by now.
  await createPerson({ ctx, input: { email: "kim@acme.example", name: "Kim", groups: ["payments"] } });
  const beside = await fingerprintAndGrants();
  expect(beside.grants).toBe(0);
  await inTransaction(database(), (tx) => takeOverGroups(tx, ctx, { former: FORMER, issuer }));
  const back = await fingerprintAndGrants();
  expect(back.grants).toBe(1);
  expect(back.fingerprint).not.toBe(beside.fingerprint);
});
