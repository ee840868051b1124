import { afterAll, beforeAll, expect, test } from "vitest";
import { CookieBrowser } from "../../../test/cookie-browser.ts";
import { lastEventNo, readEvents } from "../../../test/installation.ts";
import {
  createSignInInstallation,
  type SignInInstallation,
  sandboxAccount,
  signIn,
  whoami,
} from "../../../test/sign-in.ts";
import { installConfig } from "../../config.ts";
import { systemContext } from "../../context.ts";
import { authenticateToken } from "../authenticate.ts";
import { setPersonEnabled } from "../people/mutations.ts";
import { issueToken } from "../tokens/mutations.ts";
import { type IdentityConfirmation, startIdentityConfirmation } from "./worker.ts";

const ctx = systemContext("test");
let installation: SignInInstallation;
let confirmation: IdentityConfirmation;

beforeAll(async () => {
  installation = await createSignInInstallation(
    ["stays", "goes", "moves", "unreachable", "slashed", "stopped"].map((id) =>
      sandboxAccount(id, ["everybody"]),
    ),
  );
  // Everybody is due whenever it is asked, and it is asked by the test alone.
  confirmation = startIdentityConfirmation({ confirmEveryMs: 0, tickMs: 2 ** 30 });
});
afterAll(async () => {
  await confirmation.stop();
  await installation.close();
});

async function arrive(id: string) {
  const browser = new CookieBrowser();
  await signIn(installation, browser, id);
  const { body } = await whoami(installation, browser);
  const userId = body.id as string;
  const { token } = await issueToken({ ctx, input: { name: "kubectl", userId } });
  return { browser, userId, token };
}

const runFor = async (...people: { userId: string }[]) => {
  // Others of this file are not due, so that each test sees its own people alone.
  const ids = people.map(({ userId }) => userId);
  await installation.pool.query(
    "update users set confirmed_at = now() + interval '1 day' where id <> all($1)",
    [ids],
  );
  await installation.pool.query(
    "update users set confirmed_at = now() - interval '1 hour' where id = any($1)",
    [ids],
  );
  await confirmation.runOnce();
};

test("whom the identity provider disabled loses sessions and tokens; others go on, again and again", async () => {
  const [stays, goes] = [await arrive("stays"), await arrive("goes")];
  await runFor(stays, goes);
  expect(await authenticateToken(goes.token)).not.toBeNull();

  installation.provider.updateAccount("goes", { enabled: false });
  const before = await lastEventNo(installation);
  await runFor(stays, goes);
  await expect.poll(() => authenticateToken(goes.token)).toBeNull();
  expect((await whoami(installation, goes.browser)).body).toEqual({ kind: "anonymous" });
  expect(await authenticateToken(stays.token)).not.toBeNull();
  expect((await whoami(installation, stays.browser)).body).toMatchObject({ kind: "user" });
  expect(await readEvents(installation, before)).toMatchObject([
    {
      operation: "Disable",
      entityType: "User",
      entityName: "goes@acme.example",
      actorKind: "system",
      after: { enabled: false, disabledBy: "identity_provider", reason: expect.stringMatching(/vouches/) },
    },
  ]);

  // What the provider took back it may give again.
  installation.provider.updateAccount("goes", { enabled: true });
  await signIn(installation, goes.browser, "goes");
  expect((await whoami(installation, goes.browser)).body).toMatchObject({ email: "goes@acme.example" });
  expect(await authenticateToken(goes.token)).toBeNull();
});

test("groups that the provider changed count without a new sign-in", async () => {
  const moves = await arrive("moves");
  installation.provider.updateAccount("moves", { groups: ["admins"] });
  await runFor(moves);
  const actor = { consoleRole: "administrator", groups: ["admins"] };
  expect((await whoami(installation, moves.browser)).body).toMatchObject(actor);
  await expect.poll(async () => (await authenticateToken(moves.token))?.actor).toMatchObject(actor);
});

test("a provider that gives no answer says nothing of anybody", async () => {
  const person = await arrive("unreachable");
  const { settings } = installation;
  const nameIssuer = (from: string, to: string) =>
    installation.pool.query(
      "with a as (update accounts set issuer = $2 where issuer = $1) update users set issuer = $2 where issuer = $1",
      [from, to],
    );
  const nowhere = "http://127.0.0.1:1";
  installConfig({ ...installation.config, providers: [{ ...settings, issuer: nowhere }] });
  await nameIssuer(settings.issuer, nowhere);
  await runFor(person);
  await nameIssuer(nowhere, settings.issuer);
  installConfig({ ...installation.config, providers: [{ ...settings, clientSecret: "another" }] });
  await runFor(person);
  installConfig(installation.config);
  expect(await authenticateToken(person.token)).not.toBeNull();
  await runFor(person);
  expect((await whoami(installation, person.browser)).body).toMatchObject({ kind: "user" });
});

test("an issuer that is written with a slash too many is asked like any other", async () => {
  const person = await arrive("slashed");
  const { settings } = installation;
  installConfig({ ...installation.config, providers: [{ ...settings, issuer: `${settings.issuer}/` }] });
  await runFor(person);
  const { confirmedAt } = await installation.prisma.user.findUniqueOrThrow({ where: { id: person.userId } });
  expect(confirmedAt!.getTime()).toBeGreaterThan(Date.now() - 600_000);
  expect((await whoami(installation, person.browser)).body).toMatchObject({ kind: "user" });
  installation.provider.updateAccount("slashed", { enabled: false });
  await runFor(person);
  expect((await whoami(installation, person.browser)).body).toEqual({ kind: "anonymous" });
  installConfig(installation.config);
});

test("nobody is asked about who has nothing to lose", async () => {
  const person = await arrive("stopped");
  await setPersonEnabled({ ctx, input: { id: person.userId, enabled: false } });
  installation.provider.updateAccount("stopped", { enabled: false });
  const before = await lastEventNo(installation);
  await runFor(person);
  expect(await lastEventNo(installation)).toBe(before);
});
