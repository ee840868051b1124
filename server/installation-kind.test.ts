import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { listGrants } from "../lib/access/grants/data.ts";
import { updateBuiltInRoles } from "../lib/access/roles/mutations.ts";
import { listClusters } from "../lib/clusters/data.ts";
import { registerCluster } from "../lib/clusters/mutations.ts";
import { type Context, systemContext } from "../lib/context.ts";
import { issueApplicationToken } from "../lib/identity/application-tokens/mutations.ts";
import { listApplications } from "../lib/identity/applications/data.ts";
import { createApplication } from "../lib/identity/applications/mutations.ts";
import { authenticateToken } from "../lib/identity/authenticate.ts";
import { listGroups, listPeople } from "../lib/identity/people/data.ts";
import { createPerson } from "../lib/identity/people/mutations.ts";
import { createSession } from "../lib/identity/sessions/mutations.ts";
import { issueToken } from "../lib/identity/tokens/mutations.ts";
import {
  createTestInstallation,
  lastEventNo,
  readEvents,
  type TestInstallation,
} from "../test/installation.ts";
import { seedDemo } from "./demo/seed-demo.ts";
import { claimForDemo, leaveDemo } from "./installation-kind.ts";

const ctx = systemContext("start");
let installation: TestInstallation;

beforeEach(async () => {
  installation = await createTestInstallation({ KUBEWITNESS_CLUSTERS_ALLOW_LOOPBACK: "true" });
  await updateBuiltInRoles({ ctx });
});
afterEach(() => installation.close());

/** What a start of the demo leaves in the database and in its folder. */
async function startDemo() {
  const cluster = {
    endpoint: "https://127.0.0.1:6443",
    certificateAuthority: "-----BEGIN CERTIFICATE-----\n",
    token: "the-demos-cluster",
    close: async () => {},
  };
  const { data, kubePublicUrl } = installation.config;
  const files = await seedDemo({ data, kubePublicUrl, authority: null, cluster });
  const { users } = parse(readFileSync(files.kubeconfig, "utf8"));
  const tokens = users.map(({ user }: { user: { token: string } }) => user.token) as string[];
  return {
    tokens,
    reader: JSON.parse(readFileSync(files.application, "utf8")) as { id: string; secret: string },
  };
}

/** The demo's administrator, in a browser's session. */
async function asLena(): Promise<Context> {
  const { id, name, email } = (await listPeople({ ctx })).find((each) => each.email === "lena@acme.example")!;
  const expires = new Date(Date.now() + 60_000);
  await createSession({
    ctx,
    input: { userId: id, provider: "oidc", sessionToken: "the-cookie-of-lenas-browser", expires },
  });
  const session = await installation.prisma.session.findFirstOrThrow({ where: { userId: id } });
  const actor = {
    kind: "user" as const,
    id,
    name,
    email,
    consoleRole: "administrator" as const,
    groups: [],
    groupIds: [],
  };
  return { ...ctx, actor, credential: { kind: "session", id: session.id, expiresAt: expires } };
}

const buy = ({ id, secret }: { id: string; secret: string }) =>
  issueApplicationToken({
    ctx,
    input: { grantType: "client_credentials", clientId: id, clientSecret: secret },
  });

const names = async () => ({
  people: (await listPeople({ ctx })).map(({ email }) => email),
  applications: (await listApplications({ ctx })).map(({ name }) => name),
  clusters: (await listClusters({ ctx })).map(({ name }) => name),
  grants: (await listGrants({ ctx })).grants.map(({ subject }) => subject.name),
  groups: (await listGroups({ ctx })).map(({ name }) => name),
});
const NOTHING = { people: [], applications: [], clusters: [], grants: [], groups: [] };

describe("a start that is not the demo, on the demo's database", () => {
  test("ends all that was made in the demo, on the record", async () => {
    await claimForDemo();
    const { tokens, reader } = await startDemo();
    const lena = await asLena();
    const own = await createApplication({
      ctx: lena,
      input: { name: "lenas", consoleRole: "administrator" },
    });
    const bought = (await buy(own)).accessToken;
    for (const token of [...tokens, bought]) expect(await authenticateToken(token)).not.toBeNull();
    const before = await lastEventNo(installation);

    const ended = await leaveDemo({ ctx });

    expect(ended).toEqual({ clusters: 1, grants: 0, applications: 2, people: 3 });
    for (const token of [...tokens, bought]) await expect.poll(() => authenticateToken(token)).toBeNull();
    for (const application of [reader, own]) {
      await expect(buy(application)).rejects.toMatchObject({ code: "unauthenticated" });
    }
    expect(await names()).toEqual(NOTHING);
    const { rows } = await installation.pool.query("select count(*)::int as sessions from sessions");
    expect(rows).toEqual([{ sessions: 0 }]);
    const events = await readEvents(installation, before);
    const deleted = events.filter(({ action }) => action === "Delete");
    expect(deleted.map(({ entityType, entityName }) => `${entityType} ${entityName}`)).toEqual(
      expect.arrayContaining([
        "User lena@acme.example",
        "Applications lenas",
        "Cluster demo",
        "Group platform-admins",
      ]),
    );
    expect(events).toContainEqual(
      expect.objectContaining({
        entityType: "Settings",
        before: { kind: "demo" },
        after: { kind: "real", ended },
      }),
    );
  });

  test("does so once, and the demo does not start there any more", async () => {
    await claimForDemo();
    await startDemo();
    await leaveDemo({ ctx });
    const kept = await createPerson({
      ctx,
      input: { email: "boss@example.com", name: "Boss", groups: [] },
    });
    expect(await leaveDemo({ ctx })).toBeNull();
    expect((await names()).people).toEqual([kept.email]);
    await expect(claimForDemo()).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("the database of an installation that is not the demo"),
    });
  });
});

describe("a database that is older than the mark", () => {
  test("keeps what the demo and its people did not make", async () => {
    const { tokens } = await startDemo();
    const lena = await asLena();
    await createApplication({ ctx: lena, input: { name: "lenas", consoleRole: "administrator" } });
    const real = systemContext("test");
    const boss = await createPerson({
      ctx: real,
      input: { email: "boss@example.com", name: "Boss", groups: ["platform"] },
    });
    const { token } = await issueToken({ ctx: real, input: { name: "laptop", userId: boss.id } });
    await createApplication({ ctx: real, input: { name: "scraper" } });
    const credential = { kind: "token" as const, token: "prods" };
    await registerCluster({ ctx: real, input: { name: "prod", endpoint: "https://192.0.2.1", credential } });

    await leaveDemo({ ctx });

    expect(await names()).toEqual({
      people: ["boss@example.com"],
      applications: ["scraper"],
      clusters: ["prod"],
      grants: [],
      groups: ["platform"],
    });
    expect(await authenticateToken(token)).not.toBeNull();
    for (const each of tokens) await expect.poll(() => authenticateToken(each)).toBeNull();
  });

  test("is the demo's again where it was only the demo's", async () => {
    await startDemo();
    await claimForDemo();
    expect((await names()).people).toHaveLength(3);
  });

  test.each(["a cluster", "somebody who signed in"])(
    "is not the demo's with %s of a real installation",
    async (what) => {
      if (what === "a cluster") {
        const credential = { kind: "none" as const };
        await registerCluster({ ctx, input: { name: "prod", endpoint: "https://192.0.2.1", credential } });
      } else {
        await startDemo();
        const { id } = await createPerson({
          ctx,
          input: { email: "boss@example.com", name: "Boss", groups: [] },
        });
        const insert =
          "insert into accounts (user_id, type, provider, provider_account_id) values ($1, 'oauth', 'oidc', 'boss')";
        await installation.pool.query(insert, [id]);
      }
      await expect(claimForDemo()).rejects.toMatchObject({ code: "conflict" });
    },
  );
});

test("an empty database is whose start comes first", async () => {
  expect(await leaveDemo({ ctx })).toBeNull();
  await expect(claimForDemo()).rejects.toMatchObject({ code: "conflict" });
});
