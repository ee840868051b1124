import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CookieBrowser } from "../../../test/cookie-browser.ts";
import { lastEventNo, readEvents } from "../../../test/installation.ts";
import {
  readRequest,
  type SamlClient,
  type SamlIdentityProvider,
  startSamlIdentityProvider,
} from "../../../test/saml/identity-provider.ts";
import {
  CLIENT_ADDRESS_HEADER,
  createSignInInstallation,
  type SignInInstallation,
  sandboxAccount,
  whoami,
} from "../../../test/sign-in.ts";
import { readProviderEntry } from "../../config/provider-entry.ts";
import { type Config, installConfig } from "../../config.ts";

const LENA = { id: "u-1", email: "lena@corp.example", name: "Lena Maas", groups: ["dev", "ops"] };

let installation: SignInInstallation;
let idp: SamlIdentityProvider;
let us: SamlClient;

beforeAll(async () => {
  installation = await createSignInInstallation([sandboxAccount("somebody")]);
  idp = await startSamlIdentityProvider({ accounts: [LENA], client: () => us });
  us = {
    entityId: `${installation.publicUrl}/api/auth/metadata/corp`,
    assertionConsumer: `${installation.publicUrl}/api/auth/callback/corp`,
  };
  configure({});
});
afterAll(async () => {
  await idp.close();
  await installation.close();
});

function configure(change: object): void {
  const entry = {
    id: "corp",
    kind: "saml",
    issuer: idp.entityId,
    metadataUrl: idp.metadataUrl,
    auditorGroups: ["ops"],
  };
  const { provider, wrong } = readProviderEntry({ ...entry, ...change });
  expect(wrong).toEqual([]);
  const providers: Config["providers"] = [...installation.config.providers, provider];
  installConfig({ ...installation.config, providers });
}

let clients = 0;
/** Each at an address of its own: of one, a minute has an event for its first failures alone. */
function newBrowser(): CookieBrowser {
  clients += 1;
  return new CookieBrowser({ [CLIENT_ADDRESS_HEADER]: `198.51.100.${clients}` });
}

/** A browser that has asked, and what it asked. */
async function ask(browser = newBrowser()) {
  const csrf = await (await browser.request(`${installation.publicUrl}/api/auth/csrf`)).json();
  const body = new URLSearchParams({ ...(csrf as object), callbackUrl: "/audit", json: "true" });
  const headers = { origin: installation.publicUrl };
  const begun = await browser.request(`${installation.publicUrl}/api/auth/signin/corp`, {
    method: "POST",
    body,
    headers,
  });
  const { url } = (await begun.json()) as { url: string };
  return { browser, url, ...readRequest(url) };
}

type Asked = Awaited<ReturnType<typeof ask>>;

/** Posts an answer as the provider's page would; gives the page that it ends on. */
async function post(
  { browser, relayState }: Pick<Asked, "browser" | "relayState">,
  response: string,
): Promise<URL> {
  const body = new URLSearchParams({ SAMLResponse: response, RelayState: relayState });
  return new URL((await browser.open(us.assertionConsumer, { method: "POST", body })).url);
}

const answerTo = (asked: Pick<Asked, "id">, changes: object = {}) =>
  idp.respond(us, { account: LENA, inResponseTo: asked.id, ...changes });
const edit = (response: string, change: (xml: string) => string) =>
  Buffer.from(change(Buffer.from(response, "base64").toString("utf8"))).toString("base64");

test("signs in whom a signed assertion names, with its groups and their role", async () => {
  const asked = await ask();
  const page = await post(asked, await answerTo(asked));
  expect(page.href).toBe(`${installation.publicUrl}/audit`);
  expect((await whoami(installation, asked.browser)).body).toMatchObject({
    kind: "user",
    email: "lena@corp.example",
    name: "Lena Maas",
    consoleRole: "auditor",
    groups: ["dev", "ops"],
  });
  const [event] = (await readEvents(installation)).slice(-1);
  expect(event).toMatchObject({
    entityType: "Login",
    status: "Succeeded",
    requestBody: { provider: "corp" },
  });
});

test("its own metadata says where answers go, and that assertions have to be signed", async () => {
  const answer = await fetch(us.entityId);
  expect(answer.headers.get("content-type")).toBe("application/samlmetadata+xml");
  const xml = await answer.text();
  expect(xml).toContain(`entityID="${us.entityId}"`);
  expect(xml).toContain('WantAssertionsSigned="true"');
  expect(xml).toContain(`Location="${us.assertionConsumer}"`);
  expect((await fetch(`${installation.publicUrl}/api/auth/metadata/oidc`)).status).toBe(404);
});

/** An assertion of the provider's, with another beside or around it that nobody signed. */
function wrap(xml: string): string {
  const assertion = /<saml:Assertion .*<\/saml:Assertion>/s.exec(xml)![0];
  const signature = /<(ds:)?Signature.*<\/(ds:)?Signature>/s.exec(assertion)![0];
  const forged = assertion.replace(/ID="[^"]+"/, 'ID="_forged"').replace("lena@", "root@");
  const unsigned = forged.replace(signature, "");
  return xml.replace(assertion, unsigned + assertion);
}

function wrapInside(xml: string): string {
  const assertion = /<saml:Assertion .*<\/saml:Assertion>/s.exec(xml)![0];
  const signature = /<(ds:)?Signature.*<\/(ds:)?Signature>/s.exec(assertion)![0];
  const original = assertion.replace(signature, "");
  const forged = assertion.replace(/ID="[^"]+"/, 'ID="_forged"').replace("lena@", "root@");
  const carrying = signature.replace("</ds:Signature>", `<ds:Object>${original}</ds:Object></ds:Signature>`);
  return xml.replace(assertion, forged.replace(signature, carrying));
}

type Attack = (asked: Asked) => Promise<string>;
const attacks: [string, Attack, RegExp][] = [
  [
    "unsigned",
    async (asked) =>
      edit(await answerTo(asked), (xml) => xml.replace(/<ds:Signature.*<\/ds:Signature>/s, "")),
    /signature/i,
  ],
  [
    "edited",
    async (asked) => edit(await answerTo(asked), (xml) => xml.replace("lena@", "root@")),
    /signature/i,
  ],
  [
    "wrapped: another assertion beside the signed one",
    async (asked) => edit(await answerTo(asked), wrap),
    /signature/i,
  ],
  [
    "wrapped: the signed one inside the signature of another",
    async (asked) => edit(await answerTo(asked), wrapInside),
    /signature|assertion/i,
  ],
  ["for another audience", (asked) => answerTo(asked, { Audience: "https://other.example" }), /audience/i],
  [
    "for another recipient",
    (asked) => answerTo(asked, { Recipient: "https://other.example/acs" }),
    /recipient/,
  ],
  [
    "expired",
    (asked) => answerTo(asked, { NotOnOrAfter: new Date(Date.now() - 120_000).toISOString() }),
    /subject confirmation|expired/,
  ],
  ["of another issuer", (asked) => answerTo(asked, { Issuer: "https://other.example" }), /another issuer/],
  [
    "signed by another provider's key",
    async (asked) => {
      const other = await startSamlIdentityProvider({ accounts: [LENA], client: () => us });
      const response = await other.respond(us, {
        account: LENA,
        inResponseTo: asked.id,
        Issuer: idp.entityId,
      });
      await other.close();
      return response;
    },
    /signature/i,
  ],
  ["in answer to another's request", async () => answerTo(await ask()), /InResponseTo/],
  [
    "an assertion for another request in a response to this one",
    async (asked) => answerTo(asked, { AssertionInResponseTo: (await ask()).id }),
    /InResponseTo|request/,
  ],
  [
    "an assertion to no request (IdP-initiated) in a response to this one",
    async (asked) => answerTo(asked, { AssertionInResponseTo: "" }),
    /InResponseTo|request/,
  ],
  ["with a comment in the NameID", (asked) => answerTo(asked, { NameID: "u-1<!---->.evil" }), /comment/],
  [
    "with a document type",
    async (asked) => edit(await answerTo(asked), (xml) => `<!DOCTYPE x [<!ENTITY e "root">]>${xml}`),
    /document type/,
  ],
  ["no XML", async () => Buffer.from("<a><b></a>").toString("base64"), /no XML/],
  ["nothing", async () => "", /no XML/],
];

describe("an answer that is", () => {
  test.each(attacks)(
    "%s is refused, said on the page and in Event History",
    async (_name, attack, reason) => {
      const asked = await ask();
      const before = await lastEventNo(installation);
      const page = await post(asked, await attack(asked));
      expect(page.pathname).toBe("/signin");
      expect(page.searchParams.get("error")).toBe("OAuthCallback");
      expect(await whoami(installation, asked.browser)).toMatchObject({ body: { kind: "anonymous" } });
      const failed = (await readEvents(installation, before)).find(({ status }) => status === "Failed");
      expect(failed).toMatchObject({ entityType: "Login", requestBody: { provider: "corp" } });
      expect(failed?.error).toMatch(reason);
      // What was answered is answered, whatever came of it.
      expect((await post(asked, await answerTo(asked))).pathname).toBe("/signin");
    },
  );
});

test("an answer counts once, also at the same moment", async () => {
  const asked = await ask();
  const response = await answerTo(asked);
  const pages = await Promise.all([post(asked, response), post(asked, response), post(asked, response)]);
  expect(pages.filter(({ pathname }) => pathname === "/audit")).toHaveLength(1);
  const thief = { browser: newBrowser(), relayState: asked.relayState };
  expect((await post(thief, response)).pathname).toBe("/signin");
});

test("an answer in a browser that did not ask signs nobody in: not the attacker's victim, either", async () => {
  const attacker = await ask();
  const victim = newBrowser();
  const page = await post({ browser: victim, relayState: attacker.relayState }, await answerTo(attacker));
  expect(page.pathname).toBe("/signin");
  expect((await whoami(installation, victim)).body).toMatchObject({ kind: "anonymous" });
});

test("a sign-in that begins at the identity provider is refused", async () => {
  for (const relayState of [
    "",
    "/audit",
    `${Math.floor(Date.now() / 1_000).toString(36)}-${"a".repeat(22)}`,
  ]) {
    const before = await lastEventNo(installation);
    const response = await idp.respond(us, {
      account: LENA,
      inResponseTo: "_nobody",
      InResponseTo: "",
      AssertionInResponseTo: "",
    });
    expect((await post({ browser: newBrowser(), relayState }, response)).pathname).toBe("/signin");
    expect((await readEvents(installation, before))[0]?.error).toMatch(/begins at the identity provider/);
  }
});

test("a provider that cannot be asked is that button's trouble; metadata of another entity says whose it is", async () => {
  configure({ metadataUrl: "http://127.0.0.1:1/metadata" });
  expect(new URL((await ask()).url).searchParams.get("error")).toBe("OAuthSignin");
  configure({ metadataUrl: null, metadata: idp.metadata });
  const asked = await ask();
  expect((await post(asked, await answerTo(asked))).pathname).toBe("/audit");
  configure({});
});

test("the domain of an address has to be one that is allowed", async () => {
  configure({ allowedDomains: ["other.example"] });
  const asked = await ask();
  const page = await post(asked, await answerTo(asked));
  expect(page.searchParams.get("error")).toBe("DomainNotAllowed");
  configure({});
});
