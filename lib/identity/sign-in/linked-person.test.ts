import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import {
  createTestInstallation,
  lastEventNo,
  readEvents,
  type TestInstallation,
} from "../../../test/installation.ts";
import { oidcProviderConfig } from "../../config/provider-entry.ts";
import { installConfig } from "../../config.ts";
import { systemContext } from "../../context.ts";
import { setPersonEnabled } from "../people/mutations.ts";
import { findProvider } from "../providers/registry.ts";
import { replaceScimUser } from "../scim/users/mutations.ts";
import { admitPerson } from "./mutations.ts";

const ctx = systemContext("test");
let installation: TestInstallation;
let people = 0;
let email: string;

beforeAll(async () => {
  installation = await createTestInstallation();
});
afterAll(() => installation.close());
beforeEach(() => {
  people += 1;
  email = `person-${people}@acme.example`;
  configure(true);
});

/** Two providers, the second of which may link. */
function configure(linkVerifiedEmail: boolean, ids = ["corp", "partner"]): void {
  const client = { clientId: "x", clientSecret: "y" };
  const providers = ids.map((id) =>
    oidcProviderConfig({
      id,
      name: id,
      issuer: `https://${id}.example`,
      ...client,
      linkVerifiedEmail: id === "partner" && linkVerifiedEmail,
    }),
  );
  installConfig({ ...installation.config, demo: false, providers });
}

function signIn(id: string, { emailVerified = true, groups = [] as string[], address = email } = {}) {
  const provider = findProvider(id)!;
  const identity = {
    issuer: provider.issuer,
    subject: `${id}-${people}`,
    email: address,
    emailVerified,
    name: `${id} name`,
    groups: { names: groups, leftOut: null },
  };
  return admitPerson({ ctx, input: { provider, identity, refreshToken: null } });
}

test("the same verified address is one person where the provider's setting says so, with an event", async () => {
  const own = await signIn("corp", { groups: ["admins"] });
  const before = await lastEventNo(installation);
  expect(await signIn("partner", { groups: ["others"] })).toEqual(own);
  expect(await readEvents(installation, before)).toMatchObject([
    {
      entityType: "User",
      entityId: own.id,
      before: { linkedTo: null },
      after: {
        linkedTo: { provider: "partner", issuer: "https://partner.example", subject: `partner-${people}` },
      },
    },
  ]);
  // They stay who the first provider says that they are.
  const { rows } = await installation.pool.query(
    "select u.name, g.name as group from users u join group_members m on m.user_id = u.id join groups g on g.id = m.group_id where u.id = $1",
    [own.id],
  );
  expect(rows).toEqual([{ name: "corp name", group: "admins" }]);
  const later = await lastEventNo(installation);
  expect(await signIn("partner")).toEqual(own);
  expect(await readEvents(installation, later)).toEqual([]);
});

test("nobody is linked where the setting does not say so", async () => {
  configure(false);
  const own = await signIn("corp");
  expect(await signIn("partner")).not.toEqual(own);
});

test.each([
  ["the provider that one signs in with", true, false],
  ["the person's own provider", false, true],
])("nor where %s does not say that the address is verified", async (_which, first, second) => {
  const own = await signIn("corp", { emailVerified: first });
  expect(await signIn("partner", { emailVerified: second })).not.toEqual(own);
});

test("nor by an address that SCIM gave the person since it was verified", async () => {
  const own = await signIn("corp", { address: `before-${email}` });
  const client = { issuer: findProvider("corp")!.issuer };
  const resource = { userName: email, displayName: "Corp name" };
  await replaceScimUser({ ctx, input: { client, id: own.id, resource } });
  expect(await signIn("partner")).not.toEqual(own);
});

test("nor somebody who is this provider's own already", async () => {
  configure(false);
  const partner = await signIn("partner");
  await signIn("corp");
  configure(true);
  expect(await signIn("partner")).toEqual(partner);
});

test("a link counts while what it was made by does", async () => {
  const own = await signIn("corp");
  await signIn("partner");
  configure(false);
  await expect(signIn("partner")).rejects.toMatchObject({ code: "NotLinked" });
  configure(true);
  await expect(signIn("partner", { emailVerified: false })).rejects.toMatchObject({ code: "NotLinked" });
  await expect(signIn("partner", { address: "another@acme.example" })).rejects.toMatchObject({
    code: "NotLinked",
  });
  await setPersonEnabled({ ctx, input: { id: own.id, enabled: false } });
  await expect(signIn("partner")).rejects.toMatchObject({ code: "Disabled" });
  await setPersonEnabled({ ctx, input: { id: own.id, enabled: true } });
  configure(true, ["partner"]);
  await expect(signIn("partner")).rejects.toMatchObject({ code: "NotLinked" });
  configure(true);
  expect(await signIn("partner")).toEqual(own);
});

test("one of several providers' people is nobody in particular", async () => {
  configure(true, ["corp", "other", "partner"]);
  await signIn("corp");
  await signIn("other");
  await expect(signIn("partner")).rejects.toMatchObject({ code: "NotLinked" });
});
