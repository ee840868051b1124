import { type SandboxIdentityProvider, startSandboxIdentityProvider } from "kubewitness-sandbox/oidc";
import { afterAll, beforeAll, expect, test } from "vitest";
import { CookieBrowser } from "../../../test/cookie-browser.ts";
import { lastEventNo, readEvents } from "../../../test/installation.ts";
import {
  createSignInInstallation,
  SIGN_IN_CLIENT,
  type SignInInstallation,
  signIn,
  whoami,
} from "../../../test/sign-in.ts";
import { listOwnGrants } from "../../access/grants/data.ts";
import { createGrant } from "../../access/grants/mutations.ts";
import { updateBuiltInRoles } from "../../access/roles/mutations.ts";
import { loadGrantRows } from "../../access/table/load.ts";
import { installConfig } from "../../config.ts";
import { type Actor, systemContext } from "../../context.ts";
import { listGroups, listPeople } from "../people/data.ts";
import { createPerson } from "../people/mutations.ts";
import { findTokenOwner } from "../tokens/find-owner.ts";
import { hashCredential } from "../tokens/format.ts";
import { issueToken } from "../tokens/mutations.ts";
import { followProviders } from "./mutations.ts";

const account = (id: string, email: string, groups: string[] = []) => ({
  id,
  name: id,
  email,
  title: "",
  groups,
});
const ctx = systemContext("test");
let installation: SignInInstallation;
let second: SandboxIdentityProvider;

beforeAll(async () => {
  installation = await createSignInInstallation([
    account("boss", "boss@acme.example", ["admins"]),
    account("ann", "ann@acme.example", ["payments"]),
  ]);
  second = await startSandboxIdentityProvider({
    host: "127.0.0.1",
    port: 0,
    clients: [{ ...SIGN_IN_CLIENT, redirectUris: [`${installation.publicUrl}/api/auth/callback/oidc`] }],
    accounts: [
      account("boss", "mallory@other.example", ["payments"]),
      account("a-17", "ann@acme.example", ["payments"]),
    ],
  });
  await updateBuiltInRoles({ ctx });
  const input = { role: "developer", subjectKind: "group" as const, subject: "payments", cluster: null };
  await createGrant({ ctx, input });
  await followProviders({ ctx });
});
afterAll(async () => {
  await second.close();
  await installation.close();
});

/** What a start with these settings does. */
function startWith(issuer: string, formerIssuer: string | null = null) {
  const providers = [{ ...installation.settings, issuer, formerIssuer }];
  installConfig({ ...installation.config, providers });
  return followProviders({ ctx });
}

async function arrive(id: string) {
  const browser = new CookieBrowser();
  const page = await signIn(installation, browser, id);
  const { body } = await whoami(installation, browser);
  const grants =
    body.kind === "user" ? await listOwnGrants({ ctx: { ...ctx, actor: body as unknown as Actor } }) : [];
  return { browser, page, body, roles: grants.map(({ role }) => role.name) };
}
const whoIs = async (browser: CookieBrowser) => (await whoami(installation, browser)).body.kind;

test("after a change of provider nobody is somebody else, and an administrator's word carries people and groups over", async () => {
  const first = installation.provider.issuer;
  const [boss, ann] = [await arrive("boss"), await arrive("ann")];
  expect([boss.body.consoleRole, ann.roles]).toEqual(["administrator", ["developer"]]);
  const { token } = await issueToken({ ctx, input: { name: "t", userId: boss.body.id as string } });
  const owner = () => findTokenOwner(hashCredential(token));
  expect(await owner()).not.toBeNull();

  // Another provider is configured: the people and groups of the first have no access, and the start says so.
  const before = await lastEventNo(installation);
  expect(await startWith(second.issuer)).toEqual({ people: 2, groups: 2, issuers: [first] });
  expect(await readEvents(installation, before)).toMatchObject([
    { entityType: "Settings", before: { issuers: [first] }, after: { issuers: [second.issuer] } },
  ]);
  expect([await whoIs(boss.browser), await whoIs(ann.browser), await owner()]).toEqual([
    "anonymous",
    "anonymous",
    null,
  ]);
  expect(await loadGrantRows()).toEqual([]);

  // Its "boss" is not the first one's, and its "payments" has not the grants of the first one's.
  const other = await arrive("boss");
  expect(other.body).toMatchObject({
    email: "mallory@other.example",
    consoleRole: "user",
    groups: ["payments"],
  });
  expect(other.body.id).not.toBe(boss.body.id);
  expect(other.roles).toEqual([]);
  expect(await loadGrantRows()).toEqual([]);

  // A known address is not enough to be the person.
  const refused = await lastEventNo(installation);
  const stranger = await arrive("a-17");
  expect(stranger.page.searchParams.get("error")).toBe("ProviderChanged");
  expect(stranger.body).toEqual({ kind: "anonymous" });
  expect(await readEvents(installation, refused)).toMatchObject([
    { status: "Failed", error: expect.stringContaining("set oidc.formerIssuer to it") },
  ]);
  const people = await listPeople({ ctx });
  expect(people.find(({ id }) => id === ann.body.id)).toMatchObject({ formerIssuer: first, groups: [] });

  // Back to the first: everything is as it was.
  await startWith(first);
  expect([await whoIs(boss.browser), await whoIs(ann.browser)]).toEqual(["user", "user"]);
  expect(await owner()).not.toBeNull();
  expect(await loadGrantRows()).toHaveLength(1);

  // The administrator says that the second replaces the first.
  const told = await lastEventNo(installation);
  await startWith(second.issuer, `${first}/`);
  const again = await arrive("a-17");
  expect(again.body).toMatchObject({ id: ann.body.id, email: "ann@acme.example", groups: ["payments"] });
  expect(again.roles).toEqual(["developer"]);
  expect((await readEvents(installation, told)).map(({ entityName, after }) => [entityName, after])).toEqual(
    expect.arrayContaining([
      ["payments", expect.objectContaining({ issuer: second.issuer })],
      ["ann@acme.example", { issuer: second.issuer, subject: "a-17" }],
    ]),
  );
  expect((await listGroups({ ctx })).map(({ name, formerIssuer }) => [name, formerIssuer])).toEqual([
    ["admins", null],
    ["payments", null],
  ]);
  // The other boss stays who they are.
  expect((await whoami(installation, other.browser)).body).toMatchObject({ id: other.body.id });
  // Nobody can take the person back from the first provider.
  await startWith(first);
  expect((await arrive("ann")).page.searchParams.get("error")).toBe("ProviderChanged");
});

test("rows from before issuers were kept become the configured provider's, on the record", async () => {
  await startWith(second.issuer);
  for (const table of ["accounts", "groups", "users"]) {
    await installation.pool.query(`update ${table} set issuer = null where issuer = $1`, [second.issuer]);
  }
  const before = await lastEventNo(installation);
  expect(await startWith(second.issuer)).toMatchObject({ groups: 0 });
  const { rows } = await installation.pool.query("select distinct issuer from groups");
  expect(rows).toEqual([{ issuer: second.issuer }]);
  const [event] = await readEvents(installation, before);
  expect(event).toMatchObject({ entityType: "Settings", after: { rowsNamed: expect.any(Number) } });
  // Nothing new: nothing to record.
  const after = await lastEventNo(installation);
  await startWith(second.issuer);
  expect(await lastEventNo(installation)).toBe(after);
});

test("a slash at the end makes no other provider", async () => {
  await startWith(second.issuer);
  const { browser, body } = await arrive("boss");
  expect(body).toMatchObject({ email: "mallory@other.example" });
  expect(await startWith(`${second.issuer}/`)).toMatchObject({ groups: 0 });
  expect(await whoIs(browser)).toBe("user");
  expect((await arrive("boss")).body.id).toBe(body.id);
});

test("at an upgrade that changes the providers, too, rows from before are the former one's, with all that they had", async () => {
  const former = installation.provider.issuer;
  await startWith(former);
  const { body, browser } = await arrive("boss");
  const { token } = await issueToken({ ctx, input: { name: "t", userId: body.id as string } });
  const invited = await createPerson({ ctx, input: { email: "ann2@acme.example", name: "Invited" } });
  const grant = { role: "developer", subjectKind: "user" as const, subject: invited.id, cluster: null };
  await createGrant({ ctx, input: grant });
  // As the version before left it.
  for (const table of ["accounts", "groups", "users"]) {
    await installation.pool.query(`update ${table} set issuer = null where issuer = $1`, [former]);
  }
  await installation.pool.query("update settings set value = $1 where key = 'identity-provider'", [
    JSON.stringify({ issuer: former }),
  ]);
  const added = { ...installation.settings, id: "second", name: "Second", issuer: second.issuer };
  const providers = [added, installation.settings];
  installConfig({ ...installation.config, providers });
  await followProviders({ ctx });
  const person = (await listPeople({ ctx })).find(({ id }) => id === invited.id);
  expect(person).toMatchObject({ provider: "oidc", formerIssuer: null });
  expect((await whoami(installation, browser)).body).toMatchObject({ id: body.id, groups: ["admins"] });
  expect(await findTokenOwner(hashCredential(token))).toMatchObject({ actor: { id: body.id } });
  expect((await loadGrantRows()).map(({ subject }) => subject)).toContain(invited.id);

  // Where no start has said which it was, the first is meant.
  await installation.pool.query("update users set issuer = null where id = $1", [invited.id]);
  await installation.pool.query("delete from settings where key = 'identity-provider'");
  await followProviders({ ctx });
  const again = (await listPeople({ ctx })).find(({ id }) => id === invited.id);
  expect(again).toMatchObject({ provider: "second" });
});
