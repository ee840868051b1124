import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { CookieBrowser } from "../../../test/cookie-browser.ts";
import { createSignInInstallation, type SignInInstallation, signIn, whoami } from "../../../test/sign-in.ts";
import { type IdentityConfirmation, startIdentityConfirmation } from "./worker.ts";

let installation: SignInInstallation;
let confirmation: IdentityConfirmation;

beforeAll(async () => {
  const account = { id: "ann", name: "Ann", email: "ann@acme.example", title: "", groups: ["one"] };
  installation = await createSignInInstallation([account], { rotateRefreshTokens: true });
  confirmation = startIdentityConfirmation({ tickMs: 2 ** 30 });
});
afterAll(async () => {
  await confirmation.stop();
  await installation.close();
});
afterEach(() =>
  installation.pool.query("drop function if exists break_down() cascade; drop sequence if exists breakdowns"),
);

async function arrive() {
  const browser = new CookieBrowser();
  await signIn(installation, browser, "ann");
  return () => whoami(installation, browser).then(({ body }) => body);
}

async function askAgain() {
  await installation.pool.query("update users set confirmed_at = now() - interval '1 hour'");
  await confirmation.runOnce();
}

/** The next `times` that a row is written, PostgreSQL loses the work. */
const breakDown = (when: string, times: number) =>
  installation.pool.query(`
    create sequence breakdowns;
    create function break_down() returns trigger language plpgsql as $$
      begin
        if nextval('breakdowns') <= ${times} then raise exception 'connection failure' using errcode = '08006'; end if;
        return new;
      end $$;
    create trigger break_down before ${when} for each row execute function break_down();`);
const breakdowns = async () =>
  (await installation.pool.query("select last_value::int as count from breakdowns")).rows[0].count;

test("a refresh token that counts once is followed by the next, again and again", async () => {
  const me = await arrive();
  for (let round = 0; round < 3; round++) await askAgain();
  expect(await me()).toMatchObject({ email: "ann@acme.example" });
});

test("a database that fails while the next one is stored locks nobody out", async () => {
  const me = await arrive();
  await breakDown("update of refresh_token on accounts", 2);
  await askAgain();
  expect(await breakdowns()).toBe(3);
  for (let round = 0; round < 2; round++) await askAgain();
  expect(await me()).toMatchObject({ email: "ann@acme.example" });
});

test("nor one that fails when the person's groups are taken over, which are at the next time", async () => {
  const me = await arrive();
  installation.provider.updateAccount("ann", { groups: ["one", "two"] });
  await breakDown("insert on group_members", 1);
  await askAgain();
  expect(await me()).toMatchObject({ groups: ["one"] });
  await confirmation.runOnce();
  expect(await me()).toMatchObject({ groups: ["one", "two"] });
});

test("what a question that broke off spent is told where the person loses access for it", async () => {
  const me = await arrive();
  const { rows } = await installation.pool.query("select refresh_token from accounts");
  await askAgain();
  // As after a crash between the provider's answer and the write.
  await installation.pool.query(
    "update accounts set refresh_token = $1, asked_at = now() - interval '1 hour'",
    [rows[0].refresh_token],
  );
  await askAgain();
  expect(await me()).toEqual({ kind: "anonymous" });
  const { rows: events } = await installation.pool.query(
    "select after->>'reason' as reason from audit_event_body where after->>'reason' is not null",
  );
  expect(events.at(-1).reason).toContain("signing in again gives access back");
  expect(await (await arrive())()).toMatchObject({ email: "ann@acme.example" });
});
