import { type SandboxIdentityProvider, startSandboxIdentityProvider } from "kubewitness-sandbox/oidc";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CookieBrowser } from "../../../test/cookie-browser.ts";
import { lastEventNo, readEvents } from "../../../test/installation.ts";
import { startSamlIdentityProvider } from "../../../test/saml/identity-provider.ts";
import {
  createSignInInstallation,
  SIGN_IN_CLIENT,
  type SignInInstallation,
  sandboxAccount,
  signIn,
  startSignIn,
  whoami,
} from "../../../test/sign-in.ts";
import { startDecisionTable } from "../../access/table/refresh.ts";
import { issuersInEffect } from "../../config/issuer.ts";
import { config } from "../../config.ts";
import { type Context, systemContext } from "../../context.ts";
import { authenticateToken } from "../authenticate.ts";
import { listProviders } from "../providers/registry.ts";
import { issueToken } from "../tokens/mutations.ts";
import { listProviderViews } from "./data.ts";
import { createProvider, removeProvider, testProvider, updateProvider } from "./mutations.ts";
import { startStoredProviders } from "./refresh.ts";

const ctx = systemContext("test");
let installation: SignInInstallation;
let partner: SandboxIdentityProvider;
const stops: (() => Promise<void>)[] = [];

beforeAll(async () => {
  installation = await createSignInInstallation([sandboxAccount("somebody")]);
  const redirectUris = [`${installation.publicUrl}/api/auth/callback/partner`];
  partner = await startSandboxIdentityProvider({
    host: "127.0.0.1",
    port: 0,
    accounts: [sandboxAccount("paula", ["leads"])],
    clients: [{ ...SIGN_IN_CLIENT, redirectUris }],
  });
  const [providers, table] = [await startStoredProviders(), await startDecisionTable()];
  stops.push(
    () => providers.stop(),
    () => table.stop(),
  );
});
afterAll(async () => {
  for (const stop of stops) await stop();
  await partner.close();
  await installation.close();
});

const settings = () => ({
  name: "Partner Ltd",
  issuer: partner.issuer,
  ...SIGN_IN_CLIENT,
  auditorGroups: ["leads"],
});
const user: Context = {
  ...systemContext("x"),
  actor: {
    kind: "user",
    id: "00000000-0000-4000-8000-000000000000",
    name: "U",
    email: "u@acme.example",
    consoleRole: "auditor",
    groups: [],
    groupIds: [],
  },
};

describe("a provider that is added while it runs", () => {
  test("signs people in, is kept with its secret sealed, and is an event without it", async () => {
    const before = await lastEventNo(installation);
    const view = await createProvider({ ctx, input: { id: "partner", kind: "oidc", ...settings() } });
    expect(view).toMatchObject({ id: "partner", source: "console", enabled: true, hasSecret: true });
    const browser = new CookieBrowser();
    await signIn(installation, browser, "paula", "/audit", "partner");
    expect((await whoami(installation, browser)).body).toMatchObject({
      email: "paula@acme.example",
      consoleRole: "auditor",
    });
    const [event] = await readEvents(installation, before);
    expect(event).toMatchObject({
      operation: "Create",
      entityType: "Provider",
      entityId: "partner",
      entityName: "Partner Ltd",
    });
    const { rows } = await installation.pool.query("select * from identity_providers");
    for (const text of [
      JSON.stringify(view),
      JSON.stringify(event),
      JSON.stringify(rows),
      rows[0].secrets.toString("latin1"),
    ]) {
      expect(text).not.toContain(SIGN_IN_CLIENT.clientSecret);
    }
  });

  test("stands beside those of the configuration, which say where they are fixed", async () => {
    const views = await listProviderViews({ ctx });
    expect(views).toMatchObject([
      {
        id: "oidc",
        source: "configuration",
        setting: "oidc.*",
        settings: { clientId: SIGN_IN_CLIENT.clientId },
      },
      { id: "partner", source: "console", setting: null, people: 1 },
    ]);
    expect(JSON.stringify(views)).not.toContain(SIGN_IN_CLIENT.clientSecret);
    expect(issuersInEffect(config())).toContain(partner.issuer);
  });

  test("is changed without its secret, which stays; its issuer stays, too", async () => {
    const before = await lastEventNo(installation);
    await updateProvider({
      ctx,
      input: { id: "partner", name: "Partner", groupNames: { leads: "Team leads" } },
    });
    expect(listProviders().map(({ name }) => name)).toContain("Partner");
    const browser = new CookieBrowser();
    await signIn(installation, browser, "paula", "/audit", "partner");
    expect((await whoami(installation, browser)).status).toBe(200);
    expect((await readEvents(installation, before))[0]).toMatchObject({
      before: { name: "Partner Ltd" },
      after: { name: "Partner", secretChanged: false },
    });
    const names = await installation.pool.query("select name, display_name from groups where issuer = $1", [
      partner.issuer,
    ]);
    expect(names.rows).toEqual([{ name: "leads", display_name: "Team leads" }]);
    await expect(
      updateProvider({ ctx, input: { id: "partner", issuer: "https://other.example" } }),
    ).rejects.toMatchObject({
      details: [{ field: "issuer" }],
    });
  });

  test("that is disabled ends its people's sessions and tokens; enabled, tokens count again", async () => {
    const browser = new CookieBrowser();
    await signIn(installation, browser, "paula", "/audit", "partner");
    const { id } = (await whoami(installation, browser)).body;
    const { token } = await issueToken({ ctx, input: { name: "t", userId: String(id) } });
    expect(await authenticateToken(token)).not.toBeNull();
    await updateProvider({ ctx, input: { id: "partner", enabled: false } });
    expect((await whoami(installation, browser)).body).toMatchObject({ kind: "anonymous" });
    expect(await authenticateToken(token)).toBeNull();
    expect(listProviders().map((each) => each.id)).not.toContain("partner");
    await updateProvider({ ctx, input: { id: "partner", enabled: true } });
    expect(await authenticateToken(token)).not.toBeNull();
  });

  test("that is removed is gone for everybody", async () => {
    await removeProvider({ ctx, input: { id: "partner" } });
    expect(await listProviderViews({ ctx })).toHaveLength(1);
    await expect(removeProvider({ ctx, input: { id: "partner" } })).rejects.toMatchObject({
      code: "not_found",
    });
  });
});

test("what is asked of a provider says what is wrong, and is on the record", async () => {
  await createProvider({ ctx, input: { id: "partner", kind: "oidc", ...settings() } });
  expect(await testProvider({ ctx, input: { id: "partner" } })).toMatchObject({ ok: true });
  expect(await testProvider({ ctx, input: { id: "oidc" } })).toMatchObject({ ok: true });
  await updateProvider({ ctx, input: { id: "partner", clientSecret: "another" } });
  const wrong = await testProvider({ ctx, input: { id: "partner" } });
  expect(wrong.ok).toBe(false);
  expect(wrong.checks.find(({ name }) => name === "Client")).toMatchObject({
    ok: false,
    detail: expect.stringContaining("refuses the client"),
  });
  const { port } = new URL(partner.issuer);
  await createProvider({
    ctx,
    input: { id: "down", kind: "oidc", ...settings(), name: "Down", issuer: "http://127.0.0.1:9" },
  });
  const before = await lastEventNo(installation);
  const down = await testProvider({ ctx, input: { id: "down" } });
  expect(down.checks).toMatchObject([{ name: "Discovery", ok: false }]);
  expect(await readEvents(installation, before)).toMatchObject([
    { entityType: "Provider", entityId: "down" },
  ]);
  // Nobody else's sign-in is held up by it.
  expect(await startSignIn(installation, new CookieBrowser(), "/audit", "oidc")).toContain(
    installation.provider.issuer,
  );
  expect(port).not.toBe("9");
});

test("a SAML provider by its XML is taken, and asked", async () => {
  const client = { entityId: "https://x.example", assertionConsumer: "https://x.example/acs" };
  const idp = await startSamlIdentityProvider({ accounts: [], client: () => client });
  const saml = { id: "corp", kind: "saml" as const, issuer: idp.entityId };
  await createProvider({ ctx, input: { ...saml, metadata: idp.metadata } });
  expect(await testProvider({ ctx, input: { id: "corp" } })).toMatchObject({
    ok: true,
    checks: [{ name: "Metadata" }, { name: "Certificates" }],
  });
  await updateProvider({ ctx, input: { id: "corp", metadata: "<!DOCTYPE x><x/>" } });
  expect(await testProvider({ ctx, input: { id: "corp" } })).toMatchObject({
    ok: false,
    checks: [{ detail: expect.stringContaining("document type") }],
  });
  await idp.close();
});

describe("refused, with an event and nothing half saved", () => {
  const refused: [string, object, string][] = [
    ["an id that is none", { id: "../x" }, "id"],
    ["the id of the configuration's", { id: "oidc" }, "id"],
    ["an issuer that is none", { issuer: "http://login.example.com" }, "issuer"],
    ["the issuer of another", { issuer: "OIDC" }, "issuer"],
    ["the name of another", { name: "single sign-on" }, "name"],
    ["no secret", { clientSecret: undefined }, "clientSecret"],
    ["a domain that is none", { allowedDomains: ["@acme.example"] }, "allowedDomains"],
    ["a field of another kind", { metadataUrl: "https://x.example" }, "metadataUrl"],
    [
      "a SAML provider without metadata",
      { kind: "saml", clientId: undefined, clientSecret: undefined, auditorGroups: [] },
      "metadataUrl",
    ],
  ];
  test.each(refused)("%s", async (_what, change, field) => {
    const before = await lastEventNo(installation);
    const base = {
      id: "new",
      kind: "oidc" as const,
      ...settings(),
      name: "New",
      issuer: "https://new.example",
    };
    const input = { ...base, ...change };
    if (input.issuer === "OIDC") input.issuer = installation.provider.issuer;
    await expect(createProvider({ ctx, input })).rejects.toMatchObject({
      details: [expect.objectContaining({ field })],
    });
    expect(await installation.prisma.storedProvider.count({ where: { id: input.id } })).toBe(0);
    expect(await readEvents(installation, before)).toMatchObject([
      { entityType: "Provider", status: "Failed", action: "Create" },
    ]);
  });

  test("one of the configuration, and whoever may not", async () => {
    await expect(updateProvider({ ctx, input: { id: "oidc", name: "x" } })).rejects.toMatchObject({
      message: expect.stringContaining("set in the configuration"),
    });
    const before = await lastEventNo(installation);
    await expect(removeProvider({ ctx: user, input: { id: "down" } })).rejects.toMatchObject({
      code: "permission_denied",
    });
    expect(await readEvents(installation, before)).toMatchObject([
      { entityType: "Provider", action: "Delete", status: "Failed", actorName: "u@acme.example" },
    ]);
  });
});

test("secrets that another key sealed are nobody's: that provider does not count, and says why", async () => {
  await installation.pool.query("update identity_providers set secrets = '\\x01' where id = 'down'");
  const view = (await listProviderViews({ ctx })).find(({ id }) => id === "down");
  expect(view).toMatchObject({ enabled: true, problem: expect.stringContaining("cannot be opened") });
});
