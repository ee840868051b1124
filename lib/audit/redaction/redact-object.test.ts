import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { redactObject } from "./redact-object.ts";

const SECRET = "hunter2hunter2";
const MARK = "[redacted 14 bytes]";
const redact = (value: unknown) => redactObject(value, { secret: false });

test("a kubeconfig in a ConfigMap keeps neither key, token nor password", () => {
  const kubeconfig = [
    ...["apiVersion: v1", "kind: Config", "users:", "- name: a", "  user:"],
    ...["    client-certificate-data: LS0tLS1jZXJ0", `    client-key-data: ${SECRET}`],
    ...[
      `    token: ${SECRET}`,
      `    password: "${SECRET}"`,
      `- {name: b, user: {client-key-data: ${SECRET}}}`,
    ],
  ].join("\n");
  for (const text of [kubeconfig, `# kind: secret\n${kubeconfig}`]) {
    const kept = JSON.stringify(redact({ kind: "ConfigMap", data: { config: text } }));
    expect(kept).not.toContain(SECRET);
    expect(kept).toContain("client-certificate-data");
    expect(kept).toContain("LS0tLS1jZXJ0");
  }
});

test.each(["Authorization", "authorization", "Proxy-Authorization", "X-API-Key", "Cookie", "Set-Cookie"])(
  "the header %s of a probe, of a field and of a configuration file loses its value",
  (name) => {
    expect(redact({ httpGet: { httpHeaders: [{ name, value: `Custom ${SECRET}` }] } })).toEqual({
      httpGet: { httpHeaders: [{ name, value: "[redacted 21 bytes]" }] },
    });
    expect(redact({ headers: { [name]: SECRET } })).toEqual({ headers: { [name]: MARK } });
    expect(redact({ data: { conf: `a: b\n${name}: ${SECRET}\nc: d` } })).not.toMatchObject({
      data: { conf: expect.stringContaining(SECRET) },
    });
  },
);

test("a cookie and credentials of an unknown scheme are taken out of a file to the line's end", () => {
  const conf = `Cookie: a=b; c=${SECRET}\nAuthorization: ApiKey ${SECRET}\nAuthorization: Bearer ${SECRET}\nd: e`;
  expect(redact({ conf })).toEqual({
    conf: `Cookie: [redacted 21 bytes]\nAuthorization: [redacted 21 bytes]\nAuthorization: Bearer ${MARK}\nd: e`,
  });
});

test("other headers, variables and references keep their values", () => {
  const object = {
    httpGet: { httpHeaders: [{ name: "Host", value: "web" }] },
    env: [
      { name: "COMPASS", value: "north" },
      { name: "DB_PASS", valueFrom: { secretKeyRef: { name: "db", key: "pass" } } },
    ],
    tls: { secretName: "web-tls", caSecret: "ca", credentials: "registry" },
    authorization: { type: "simple" },
    data: { conf: "mode: passthrough\nbypass = yes" },
  };
  expect(redact(object)).toEqual(object);
});

test.each([
  { password: 123_456 },
  { spec: { adminPassword: 12345678901234 } },
  { passwords: [SECRET, { a: SECRET }] },
  { token: { value: SECRET, deep: [{ x: SECRET }] } },
  { apiKeys: { a: SECRET } },
  {
    config: { auths: { "registry.example.com": { auth: Buffer.from(`bob:${SECRET}`).toString("base64") } } },
  },
  {
    ".dockerconfigjson": JSON.stringify({
      auths: { a: { auth: Buffer.from(`bob:${SECRET}`).toString("base64") } },
    }),
  },
  { conf: `auth: ${Buffer.from(`bob:${SECRET}`).toString("base64")}` },
  { conf: `password: 123456` },
  { conf: `passwords: [a, ${SECRET}]` },
  { conf: `a: b\npasswords:\n- a\n- ${SECRET}\nc: d` },
  { conf: `tokens:\n  a: ${SECRET}\n` },
  { conf: `password = """\n${SECRET}\n"""` },
  { conf: `password = '''\n${SECRET}'''` },
  { conf: `password: """\n${SECRET}` },
  { conf: `-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n${SECRET}\n-----END PGP PRIVATE KEY BLOCK-----` },
  { conf: Buffer.from(`-----BEGIN RSA PRIVATE KEY-----\n${SECRET}`).toString("base64") },
  { release: gzipSync(SECRET).toString("base64") },
  { release: Buffer.from(gzipSync(SECRET).toString("base64")).toString("base64") },
])("%j keeps nothing that is secret", (data) => {
  const kept = JSON.stringify(redact({ kind: "ConfigMap", data }));
  expect(kept).not.toMatch(/hunter2|123_?456|H4sI|SDRz/);
  expect(kept).not.toContain(Buffer.from(`bob:${SECRET}`).toString("base64"));
  expect(kept).toContain("[redacted ");
});

test("a Secret is known by its type, whatever kind it says", () => {
  const release = {
    metadata: { name: "sh.helm.release.v1.a.v1" },
    type: "helm.sh/release.v1",
    data: { release: "aGk=" },
  };
  expect(redact(release)).toMatchObject({ data: { release: "[redacted 2 bytes]" } });
});

test.each([
  { data: { "settings.xml": `<server><username>a</username><password>hunter2hunter2</password></server>` } },
  { data: { "core-site.xml": "<name>fs.s3a.secret.key</name><value>hunter2hunter2</value>" } },
  { data: { ".netrc": "machine h login a password hunter2hunter2" } },
  { data: { "redis.conf": "port 1\nrequirepass hunter2hunter2\nmasterauth hunter2hunter2" } },
  { data: { "nginx.conf": `proxy_set_header Authorization "Basic aHVudGVyMmh1bnRlcjI6";` } },
  {
    metadata: {
      annotations: {
        "kubernetes.io/change-cause": "kubectl create secret generic x --from-literal=a=hunter2hunter2",
      },
    },
  },
])("%j keeps no secret of a file in its own format", (object) => {
  const kept = JSON.stringify(redactObject({ kind: "ConfigMap", ...object }, { secret: false }));
  expect(kept).not.toMatch(/hunter2|aHVudGVyMm/);
  expect(kept).toContain("[redacted ");
});

test("what says where a secret is to be found stays", () => {
  const object = {
    projected: {
      sources: [{ serviceAccountToken: { path: "token", expirationSeconds: 3_600, audience: "vault" } }],
    },
    password: { secretKeyRef: { name: "db", key: "password" } },
    clientSecret: { name: "oidc", key: "secret" },
    secrets: [{ name: "a" }],
    imagePullSecrets: [{ name: "registry" }],
    automountServiceAccountToken: false,
    auth: "kubernetes",
    data: { conf: "secrets:\n- a\npassword:\n  secretKeyRef: x\nmax_tokens: 4096\n" },
  };
  expect(redact(object)).toEqual(object);
});

test("a container's args go on where its command ends", () => {
  expect(redact({ command: ["redis-cli"], args: ["-a", SECRET, "ping"] })).toEqual({
    command: ["redis-cli"],
    args: ["-a", MARK, "ping"],
  });
  expect(redact({ command: ["tool", "--password"], args: [SECRET] })).toMatchObject({ args: [MARK] });
});

test("a token is no key's name either", () => {
  const token = `kw_${"a".repeat(51)}`;
  for (const kind of ["ConfigMap", "Secret"])
    expect(redact({ kind, data: { [token]: "x" } })).toMatchObject({
      data: { "[redacted 54 bytes]": expect.any(String) },
    });
});
