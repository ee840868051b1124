import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { readKubeconfig } from "./read.ts";
import { renderKubeconfig } from "./render.ts";

const base64 = (text: string) => Buffer.from(text).toString("base64");
const CERTIFICATE = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
const KEY = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
let directory: string;

beforeAll(() => {
  directory = mkdtempSync(path.join(tmpdir(), "kubewitness-kubeconfig-"));
  writeFileSync(path.join(directory, "ca.pem"), CERTIFICATE);
});
afterAll(() => rmSync(directory, { recursive: true }));

function kubeconfig(
  user: object | null,
  cluster: object = { server: "https://192.0.2.1:6443" },
  context = "prod",
) {
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    preferences: {},
    clusters: [{ name: "c", cluster }],
    users: [{ name: "u", user }],
    contexts: [{ name: context, context: { cluster: "c", user: "u", namespace: "payments" } }],
  });
}
const readOne = (text: string, folder: string | null = null) =>
  readKubeconfig(text, { directory: folder })[0];
const exec = { apiVersion: "client.authentication.k8s.io/v1", command: "aws", args: ["eks"], env: null };

describe("a context", () => {
  test.each([
    [{ token: "t0ken" }, { kind: "token", token: "t0ken" }],
    [{}, { kind: "none" }],
    [null, { kind: "none" }],
    [
      { "client-certificate-data": base64(CERTIFICATE), "client-key-data": base64(KEY) },
      { kind: "clientCertificate", certificate: CERTIFICATE, key: KEY },
    ],
    [{ exec }, { kind: "exec", plugin: { ...exec, env: [], provideClusterInfo: false } }],
    [
      { token: "wins", exec },
      { kind: "token", token: "wins" },
    ],
  ])("with the user %o", (user, credential) => {
    expect(readOne(kubeconfig(user))).toMatchObject({
      context: "prod",
      name: "prod",
      cluster: { credential },
    });
  });

  test("takes what its cluster says", () => {
    const cluster = {
      server: "https://192.0.2.1",
      "certificate-authority-data": base64(CERTIFICATE),
      "tls-server-name": "kubernetes",
      "insecure-skip-tls-verify": true,
    };
    expect(readOne(kubeconfig({}, cluster))).toMatchObject({
      cluster: {
        endpoint: "https://192.0.2.1",
        certificateAuthority: CERTIFICATE,
        tlsServerName: "kubernetes",
        insecureSkipTlsVerify: true,
      },
    });
  });

  test.each([
    [{ "auth-provider": { name: "gcp" } }, /auth-provider is gone/],
    [{ username: "admin", password: "x" }, /basic authentication is gone/],
    [{ "client-key-data": base64(KEY) }, /a key its certificate/],
    [
      { exec: { ...exec, apiVersion: "client.authentication.k8s.io/v1alpha1" } },
      /v1 and v1beta1 are supported/,
    ],
    [{ exec: { ...exec, interactiveMode: "Always" } }, /asks a person/],
  ])("with the user %o is refused and says why", (user, why) => {
    expect(readOne(kubeconfig(user), directory)).toMatchObject({ refused: expect.stringMatching(why) });
  });

  test("may name files of the folder that it lies in, and none where it came as text", () => {
    const cluster = { server: "https://192.0.2.1", "certificate-authority": "ca.pem" };
    expect(readOne(kubeconfig({}, cluster), directory)).toMatchObject({
      cluster: { certificateAuthority: CERTIFICATE },
    });
    for (const text of [
      kubeconfig({}, cluster),
      kubeconfig({ tokenFile: "/etc/passwd" }),
      kubeconfig({ "client-key": "/etc/shadow", "client-certificate": "/etc/passwd" }),
      kubeconfig({ exec: { ...exec, command: "./plugin" } }),
    ]) {
      expect(readOne(text)).toMatchObject({ refused: expect.stringMatching(/names the file .*--flatten/) });
    }
  });

  test("finds its plugin beside it, as kubectl does", () => {
    const text = kubeconfig({ exec: { ...exec, command: "./bin/plugin" } });
    const command = path.join(directory, "bin/plugin");
    expect(readOne(text, directory)).toMatchObject({ cluster: { credential: { plugin: { command } } } });
  });

  test.each([
    ["prod", "prod"],
    ["kind-kind", "kind-kind"],
    ["admin@prod.example", "admin-prod.example"],
    ["arn:aws:eks:eu-1:123:cluster/prod", "arn-aws-eks-eu-1-123-cluster-prod"],
    ["../../etc/passwd", "etc-passwd"],
    ["日本", "cluster"],
  ])("%s becomes the cluster %s", (context, name) => {
    expect(readOne(kubeconfig({}, undefined, context))).toMatchObject({ context, name });
  });

  test("of the same name as another gets a number", () => {
    const twice = parse(kubeconfig({}));
    twice.contexts = ["a/b", "a:b", "a b"].map((name) => ({ name, context: { cluster: "c", user: "u" } }));
    const names = readKubeconfig(stringify(twice), { directory: null }).map(({ name }) => name);
    expect(names).toEqual(["a-b", "a-b-2", "a-b-3"]);
  });
});

const bomb = ["a: &a [x, x, x, x, x, x, x, x, x, x]"];
for (const [name, of] of ["ba", "cb", "dc"])
  bomb.push(`${name}: &${name} [${Array(10).fill(`*${of}`).join()}]`);

test.each([
  ...["", "no kubeconfig", "{}", "kind: Pod", "a: [", "contexts: []", "contexts: 3"],
  ...["contexts: *nothing", "contexts: &c [{name: a, context: *c}]", bomb.join("\n")],
  ...["? ".repeat(400), "contexts: []\n---\ncontexts: []"],
])("%s is no kubeconfig", (text) => {
  expect(() => readKubeconfig(text, { directory: null })).toThrow(/takes a kubeconfig in YAML or JSON/);
});

test.each([...["[".repeat(50_000), `{${"a,".repeat(32_000)}}`, "- a\n".repeat(16_000)]])(
  "says how long a text may be while every call waits for its reading",
  (text) => {
    expect(() => readKubeconfig(text, { directory: null })).toThrow(
      "kubeconfig: got a longer text; takes a kubeconfig of at most 5000 lines and items; import its contexts in parts",
    );
  },
);

test("a hundred clusters with credentials of their own are not too long", () => {
  const names = Array.from({ length: 100 }, (_, index) => `c${index}`);
  const user = { "client-certificate-data": base64(CERTIFICATE), "client-key-data": base64(KEY) };
  const text = stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: names.map((name) => ({
      name,
      cluster: { server: "https://192.0.2.1:6443", "certificate-authority-data": base64(CERTIFICATE) },
    })),
    users: names.map((name) => ({ name, user: { ...user } })),
    contexts: names.map((name) => ({ name, context: { cluster: name, user: name } })),
  });
  const contexts = readKubeconfig(text, { directory: null });
  expect(contexts.map(({ context }) => context)).toEqual(names);
});

test("reads what it renders", () => {
  const text = renderKubeconfig({
    clusters: ["prod", "staging"].map((name) => ({ name, token: `kw_${name}` })),
    server: "https://gateway.example:8443",
    certificateAuthority: CERTIFICATE,
    person: "alice@acme.example",
  });
  expect(parse(text)["current-context"]).toBe("prod");
  expect(readKubeconfig(text, { directory: null })).toMatchObject(
    ["prod", "staging"].map((name) => ({
      context: name,
      cluster: {
        endpoint: "https://gateway.example:8443",
        certificateAuthority: CERTIFICATE,
        credential: { kind: "token", token: `kw_${name}` },
      },
    })),
  );
});
