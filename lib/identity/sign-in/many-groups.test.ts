import { afterAll, beforeAll, expect, test } from "vitest";
import {
  createTestInstallation,
  lastEventNo,
  NO_DEMO,
  readEvents,
  type TestInstallation,
} from "../../../test/installation.ts";
import { systemContext } from "../../context.ts";
import { authenticateToken } from "../authenticate.ts";
import { findProvider } from "../providers/registry.ts";
import { issueToken } from "../tokens/mutations.ts";
import { admitPerson } from "./mutations.ts";

// Entra ID names groups by ids; some people have thousands.
const MANY = Array.from(
  { length: 5_000 },
  (_, index) => `7c0e1f2a-0000-4000-8000-${String(index).padStart(12, "0")}`,
);
let installation: TestInstallation;
const ctx = systemContext("test");

beforeAll(async () => {
  installation = await createTestInstallation({ ...NO_DEMO, OIDC_ADMINISTRATOR_GROUPS: MANY.at(-1)! });
});
afterAll(() => installation.close());

const signIn = (names: string[]) => {
  const provider = findProvider("oidc")!;
  const groups = { names, leftOut: null };
  const identity = {
    issuer: provider.issuer,
    subject: "1",
    email: "eve@acme.example",
    emailVerified: true,
    name: "Eve",
    groups,
  };
  return admitPerson({ ctx, input: { provider, identity, refreshToken: null } });
};

test("somebody with 5,000 groups is in each of them, by a few events", async () => {
  const before = await lastEventNo(installation);
  const { id } = await signIn(MANY);
  const token = await issueToken({ ctx, input: { name: "t", userId: id } });
  const authenticated = await authenticateToken(token.token);
  expect(authenticated?.actor).toMatchObject({ kind: "user", consoleRole: "administrator", groups: MANY });
  expect(authenticated?.actor).toHaveProperty("groupIds.length", 5_000);
  const events = await readEvents(installation, before);
  expect(events.length).toBeLessThan(10);
  const all = events.find(({ after }) => (after as { joined?: string[] } | null)?.joined !== undefined);
  expect(all).toMatchObject({
    entityType: "User",
    before: { groups: 0 },
    after: { groups: 5_000, left: [] },
  });
});

test("who leaves most of them is in the others alone, and has their role", async () => {
  const before = await lastEventNo(installation);
  const { id } = await signIn(MANY.slice(0, 10));
  const { rows } = await installation.pool.query(
    "select count(*)::int as count from group_members where user_id = $1",
    [id],
  );
  expect(rows).toEqual([{ count: 10 }]);
  expect(await installation.prisma.user.findUnique({ where: { id } })).toMatchObject({ consoleRole: "user" });
  const [event] = await readEvents(installation, before);
  expect(event?.after).toMatchObject({ groups: 10, joined: [], created: [] });
});
