import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { loadConfig } from "./load-config.ts";
import { ConfigError } from "./read-settings.ts";
import { listShownSettings } from "./shown-settings.ts";

const cwd = mkdtempSync(path.join(tmpdir(), "kubewitness-providers-"));
afterAll(() => rmSync(cwd, { recursive: true }));

const OIDC = {
  OIDC_ISSUER: "https://login.example.com",
  OIDC_CLIENT_ID: "kubewitness",
  OIDC_CLIENT_SECRET: "own-s3cret",
};
const PARTNER = {
  id: "partner",
  kind: "oidc",
  issuer: "https://login.partner.example/",
  clientId: "kw",
  clientSecret: "partner-s3cret",
};
const DEFAULTS = {
  formerIssuer: null,
  scopes: null,
  nameClaim: "name",
  emailClaim: "email",
  groupsClaim: "groups",
  groupNames: {},
  administratorGroups: [],
  auditorGroups: [],
  allowedDomains: [],
  linkVerifiedEmail: false,
  signOutAtProvider: true,
};

function load(env: Record<string, string>, file: object = {}) {
  writeFileSync(path.join(cwd, "config.yaml"), JSON.stringify(file));
  return loadConfig({ env, cwd });
}

function problemsOf(env: Record<string, string>, file?: object): string[] {
  try {
    load(env, file);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe("providers", () => {
  test("stand beside the one of oidc.*, which comes first", () => {
    const { providers, demo } = load(OIDC, {
      providers: [{ ...PARTNER, name: "Partner", auditorGroups: ["a"] }],
    });
    expect(demo).toBe(false);
    expect(providers.map(({ id, name }) => [id, name])).toEqual([
      ["oidc", "single sign-on"],
      ["partner", "Partner"],
    ]);
    expect(providers[1]).toEqual({ ...DEFAULTS, ...PARTNER, name: "Partner", auditorGroups: ["a"] });
  });

  test("are enough without oidc.*, and are called by their id where they have no name", () => {
    const { providers } = load({}, { providers: [PARTNER] });
    expect(providers).toEqual([{ ...DEFAULTS, ...PARTNER, name: "partner" }]);
  });

  test("are taken from the environment as YAML and as JSON", () => {
    const yaml = Object.entries(PARTNER)
      .map(([name, value]) => `${name}: ${value}`)
      .join(", ");
    for (const text of [JSON.stringify([PARTNER]), `[{ ${yaml} }]`]) {
      expect(load({ KUBEWITNESS_PROVIDERS: text }).providers.map(({ id }) => id)).toEqual(["partner"]);
    }
  });

  test("name groups by ids and domains in the environment, too", () => {
    const env = {
      OIDC_GROUP_NAMES: "7c0e=Payments, 8d1f = Team, A",
      OIDC_ALLOWED_DOMAINS: "Acme.example,b.example",
    };
    expect(problemsOf({ ...OIDC, ...env })).toEqual([
      expect.stringContaining("oidc.groupNames (OIDC_GROUP_NAMES) got"),
    ]);
    const [provider] = load({ ...OIDC, ...env, OIDC_GROUP_NAMES: "7c0e=Payments, 8d1f = Team" }).providers;
    expect(provider).toMatchObject({
      groupNames: { "7c0e": "Payments", "8d1f": "Team" },
      allowedDomains: ["acme.example", "b.example"],
    });
  });

  test("are shown without their secrets", () => {
    const shown = listShownSettings(load(OIDC, { providers: [PARTNER] }));
    expect(shown.find(({ name }) => name === "providers")?.value).toBe(
      "partner (partner, oidc, https://login.partner.example/)",
    );
    expect(JSON.stringify(shown)).not.toContain("s3cret");
  });
});

describe("a wrong provider is named", () => {
  const issuerTakes =
    "takes the identity provider's https address, such as https://login.example.com (http only on this machine)";
  const idTakes =
    "takes 1 to 32 of a-z, 0-9 and -, a letter first; not oidc, which the settings oidc.* mean, nor local, which is this installation itself";
  const alike = "takes one that no other provider has";
  const other = { ...PARTNER, id: "other", issuer: "https://other.example" };
  const cases: [string, object[], string[]][] = [
    [
      "by the field whose value is wrong",
      [other, { ...PARTNER, issuer: "http://login.partner.example" }],
      [`providers[1].issuer got "http://login.partner.example" from config.yaml: ${issuerTakes}`],
    ],
    [
      "by the field that is missing, a secret among them",
      [{ id: "partner", kind: "oidc", issuer: PARTNER.issuer }],
      [
        "providers[0].clientId is not set in config.yaml: takes the client id that the identity provider gave",
        "providers[0].clientSecret is not set in config.yaml: takes the client secret that the identity provider gave",
      ],
    ],
    [
      "by a secret that is none, which is not shown",
      [{ ...PARTNER, clientSecret: 17 }],
      [
        "providers[0].clientSecret got a value that is not shown from config.yaml: takes the client secret that the identity provider gave",
      ],
    ],
    [
      "by a field that there is not",
      [{ ...PARTNER, isuer: "x" }],
      ['providers[0].isuer in config.yaml is not a setting; did you mean "issuer"?'],
    ],
    [
      "by what a SAML provider needs",
      [{ id: "corp", kind: "saml", issuer: "corp" }],
      [
        'providers[0].issuer got "corp" from config.yaml: takes the entity ID of the identity provider, a URI of at most 1024 characters',
        "providers[0].metadataUrl is not set in config.yaml: takes an https address, or metadata in its place",
      ],
    ],
    [
      "by a field of another kind",
      [{ ...PARTNER, metadataUrl: "https://x.example" }],
      ["providers[0].metadataUrl in config.yaml is not a setting"],
    ],
    [
      "by a domain that is none",
      [{ ...PARTNER, allowedDomains: ["@acme.example"] }],
      [
        'providers[0].allowedDomains got ["@acme.example"] from config.yaml: takes a list of domains such as example.com',
      ],
    ],
    [
      "by its kind",
      [{ ...PARTNER, kind: "ldap" }],
      ['providers[0].kind got "ldap" from config.yaml: takes oidc or saml'],
    ],
    [
      "by an id that is none",
      [{ ...PARTNER, id: "../x" }],
      [`providers[0].id got "../x" from config.yaml: ${idTakes}`],
    ],
    [
      "by the id of oidc.*",
      [{ ...PARTNER, id: "oidc" }],
      [`providers[0].id got "oidc" from config.yaml: ${idTakes}`],
    ],
    [
      "by an id that another has",
      [PARTNER, { ...other, id: "partner", name: "Other" }],
      [`id of the provider partner (providers) got "partner": ${alike}`],
    ],
    [
      "by a name that another has",
      [{ ...PARTNER, name: "single sign-on" }],
      [`name of the provider partner (providers) got "single sign-on": ${alike}`],
    ],
    [
      "by an issuer that another has, but for a slash",
      [{ ...PARTNER, issuer: `${OIDC.OIDC_ISSUER}/` }],
      [`issuer of the provider partner (providers) got "https://login.example.com/": ${alike}`],
    ],
    [
      "by a former issuer that is another's present one",
      [{ ...PARTNER, formerIssuer: OIDC.OIDC_ISSUER }],
      [`formerIssuer of the provider partner (providers) got "https://login.example.com": ${alike}`],
    ],
    [
      "by a former issuer that another replaces, too, but for a slash",
      [
        { ...PARTNER, formerIssuer: "https://old.example" },
        { ...other, formerIssuer: "https://old.example/" },
      ],
      [`formerIssuer of the provider other (providers) got "https://old.example/": ${alike}`],
    ],
  ];
  test.each(cases)("%s", (_name, providers, lines) => {
    expect(problemsOf(OIDC, { providers })).toEqual(lines);
  });

  test.each([["partner"], ["{ id: partner }"], ["["], ["[partner]"]])("where it is no list: %s", (text) => {
    const takes =
      "takes a list of providers, each with an id, a kind (oidc or saml), an issuer, and what the kind needs beside it, at most 50";
    expect(problemsOf({ ...OIDC, KUBEWITNESS_PROVIDERS: text })).toEqual([
      `providers (KUBEWITNESS_PROVIDERS) got a value that is not shown from the environment: ${takes}`,
    ]);
  });

  test("where the one of oidc.* is half set", () => {
    expect(
      problemsOf({ OIDC_ADMINISTRATOR_GROUPS: "a", KUBEWITNESS_DEMO: "false" }, { providers: [PARTNER] }),
    ).toHaveLength(3);
  });

  test("where they stand beside the demo", () => {
    expect(problemsOf({ KUBEWITNESS_DEMO: "true" }, { providers: [PARTNER] })).toEqual([
      "demo (KUBEWITNESS_DEMO) got true with providers (KUBEWITNESS_PROVIDERS) set: takes one of the two",
    ]);
  });
});

describe("without an identity provider", () => {
  const load = (firstVisit: string, more: Record<string, string> = {}) =>
    loadConfig({
      env: { KUBEWITNESS_DEMO: "false", KUBEWITNESS_LOCAL_FIRST_VISIT: firstVisit, ...more },
      cwd: path.join(cwd, "empty"),
    });

  test("an installation starts where its first visitor may become an administrator, and nowhere else", () => {
    expect(load("true").providers).toEqual([]);
    expect(() => load("false")).toThrow(/oidc\.issuer \(OIDC_ISSUER\) is not set/);
    // One that is half configured is not taken for none.
    expect(() => load("true", { OIDC_CLIENT_ID: "x" })).toThrow(/oidc\.issuer \(OIDC_ISSUER\) is not set/);
  });
});
