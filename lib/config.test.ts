import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { listSettings } from "./config/settings.ts";
import { ConfigError, loadConfig } from "./config.ts";

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(path.join(tmpdir(), "kubewitness-config-"));
});
afterEach(() => rmSync(cwd, { recursive: true }));

const load = (env: Record<string, string> = {}, yaml?: string) => {
  if (yaml !== undefined) writeFileSync(path.join(cwd, "config.yaml"), yaml);
  return loadConfig({ env, cwd });
};

const problemsOf = (env: Record<string, string>, yaml?: string): string[] => {
  try {
    load(env, yaml);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
};

const real = {
  OIDC_ISSUER: "https://login.example.com/realms/main",
  OIDC_CLIENT_ID: "kubewitness",
  OIDC_CLIENT_SECRET: "client-secret",
  DATABASE_URL: "postgresql://app:pw@db.example.com/kubewitness",
};

describe("loadConfig", () => {
  it("is the demo without any configuration", () => {
    const config = load();
    expect(config).toMatchObject({
      port: 3000,
      kubePort: 8443,
      host: "localhost",
      publicUrl: "http://localhost:3000",
      kubePublicUrl: "https://localhost:8443",
      data: path.join(cwd, "data", "demo"),
      demo: true,
      providers: [],
      tls: null,
      audit: {
        sync: false,
        durability: "strict",
        reads: true,
        retentionDays: 90,
        journal: { maxBytes: 2 ** 31 },
      },
    });
  });

  it("is the real thing once sign-in and database are configured", () => {
    const config = load({ ...real, KUBEWITNESS_PUBLIC_URL: "https://audit.example.com/" });
    expect(config.demo).toBe(false);
    expect(config.data).toBe(path.join(cwd, "data"));
    expect(config.publicUrl).toBe("https://audit.example.com");
    expect(config.providers).toEqual([
      {
        id: "oidc",
        kind: "oidc",
        name: "single sign-on",
        formerIssuer: null,
        issuer: real.OIDC_ISSUER,
        clientId: "kubewitness",
        clientSecret: "client-secret",
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
      },
    ]);
  });

  it("logs less in the demo, unless it is told how much", () => {
    expect(load().log.level).toBe("warn");
    expect(load(real).log.level).toBe("info");
    expect(load({ KUBEWITNESS_LOG_LEVEL: "debug" }).log.level).toBe("debug");
  });

  it("reads config.yaml and lets the environment win", () => {
    const yaml = [
      "port: 4000",
      "trustedProxies: [10.0.0.0/8, '2001:db8::1']",
      "audit:",
      "  retention_days: 30",
      "  journal: { max_bytes: 512MiB }",
      "  redact: { exec_arguments: ['password=(\\S+)'] }",
      "tokens: { lifetime: 12h }",
    ].join("\n");
    const config = load({ ...real, KUBEWITNESS_PORT: "5000", KUBEWITNESS_KUBE_PORT: "" }, yaml);
    expect(config.port).toBe(5000);
    expect(config.kubePort).toBe(8443);
    expect(config.publicUrl).toBe("http://localhost:5000");
    expect(config.trustedProxies).toEqual(["10.0.0.0/8", "2001:db8::1"]);
    expect(config.audit.retentionDays).toBe(30);
    expect(config.audit.journal.maxBytes).toBe(512 * 2 ** 20);
    expect(config.audit.redact.execArguments.map(String)).toEqual(["/password=(\\S+)/g"]);
    expect(config.tokens.lifetimeMs).toBe(12 * 3_600_000);
  });

  it("makes the secrets once and keeps them for the owner alone", () => {
    const first = load();
    const second = load();
    expect(first.encryption.key).toHaveLength(32);
    expect(second.encryption.key.equals(first.encryption.key)).toBe(true);
    expect(second.auth.secret).toBe(first.auth.secret);
    expect(first.auth.secret).not.toBe(first.encryption.key.toString("base64"));
    const secrets = path.join(cwd, "data", "demo", "secrets");
    expect(statSync(secrets).mode & 0o777).toBe(0o700);
    expect(statSync(path.join(secrets, "encryption")).mode & 0o777).toBe(0o600);
  });
});

describe("a wrong setting", () => {
  const cases: [string, Record<string, string>, string | undefined, string][] = [
    [
      "a port that is none",
      { KUBEWITNESS_PORT: "http" },
      undefined,
      'port (KUBEWITNESS_PORT) got "http" from the environment: takes a port number from 1 to 65535',
    ],
    [
      "a port out of range in the file",
      {},
      "port: 70000",
      "port (KUBEWITNESS_PORT) got 70000 from config.yaml: takes a port number from 1 to 65535",
    ],
    [
      "a Kubernetes service link",
      {
        KUBEWITNESS_PORT: "tcp://10.1.2.3:3000",
        KUBEWITNESS_PORT_3000_TCP_ADDR: "10.1.2.3",
        KUBEWITNESS_SERVICE_HOST: "x",
      },
      undefined,
      'port (KUBEWITNESS_PORT) got "tcp://10.1.2.3:3000" from the environment: takes a port number from 1 to 65535 ' +
        "(Kubernetes sets this for a Service called kubewitness: set enableServiceLinks to false in the pod)",
    ],
    [
      "both ports the same",
      { KUBEWITNESS_KUBE_PORT: "3000" },
      undefined,
      "kubePort (KUBEWITNESS_KUBE_PORT) got 3000: takes another port than port (KUBEWITNESS_PORT)",
    ],
    [
      "a misspelt key",
      {},
      "audit: { retention_day: 3 }",
      'audit.retention_day in config.yaml is not a setting; did you mean "audit.retention_days"?',
    ],
    [
      "a misspelt variable",
      { KUBEWITNESS_PROT: "1" },
      undefined,
      'KUBEWITNESS_PROT in the environment is not a setting; did you mean "KUBEWITNESS_PORT"?',
    ],
    ["an unknown key unlike any", {}, "colour: red", "colour in config.yaml is not a setting"],
    [
      "a value where a group belongs",
      {},
      "tls: yes",
      'tls in config.yaml got "yes": takes a group of settings (tls.certificate, tls.key)',
    ],
    ["a list for a file", {}, "- 1", 'config.yaml got [1]: takes settings, such as "port: 3000"'],
    [
      "a secret of the wrong form, not shown",
      { KUBEWITNESS_ENCRYPTION_KEY: "hunter2" },
      undefined,
      "encryption.key (KUBEWITNESS_ENCRYPTION_KEY) got a value that is not shown from the environment: " +
        "takes 32 bytes in base64, such as the output of openssl rand -base64 32",
    ],
    [
      "a database without sign-in",
      {
        DATABASE_URL: real.DATABASE_URL,
        OIDC_CLIENT_ID: "x",
        OIDC_CLIENT_SECRET: "y",
        KUBEWITNESS_DEMO: "false",
      },
      undefined,
      "oidc.issuer (OIDC_ISSUER) is not set: takes the identity provider's https address, such as " +
        "https://login.example.com (http only on this machine)",
    ],
    [
      "an issuer in the clear",
      { ...real, OIDC_ISSUER: "http://login.example.com" },
      undefined,
      'oidc.issuer (OIDC_ISSUER) got "http://login.example.com" from the environment: takes the identity provider\'s ' +
        "https address, such as https://login.example.com (http only on this machine)",
    ],
    [
      "the demo beside an identity provider",
      { OIDC_ISSUER: real.OIDC_ISSUER, KUBEWITNESS_DEMO: "true" },
      undefined,
      "demo (KUBEWITNESS_DEMO) got true with oidc.issuer (OIDC_ISSUER) set: takes one of the two",
    ],
    [
      "a certificate without its key",
      { ...real, KUBEWITNESS_TLS_CERTIFICATE: "a.pem" },
      undefined,
      "tls.key (KUBEWITNESS_TLS_KEY) is not set: takes the path of a PEM file with the certificate's private key",
    ],
    [
      "a range that is none",
      { KUBEWITNESS_TRUSTED_PROXIES: "10.0.0.0/33" },
      undefined,
      'trustedProxies (KUBEWITNESS_TRUSTED_PROXIES) got "10.0.0.0/33" from the environment: takes a list of IP addresses ' +
        "or CIDR ranges such as 10.0.0.0/8",
    ],
    [
      "an expression that does not compile",
      {},
      "audit: { redact: { exec_arguments: ['('] } }",
      'audit.redact.exec_arguments (KUBEWITNESS_AUDIT_REDACT_EXEC_ARGUMENTS) got ["("] from config.yaml: takes a list of ' +
        "JavaScript regular expressions",
    ],
    [
      "a file that is not there",
      { KUBEWITNESS_CONFIG: "missing.yaml" },
      undefined,
      'KUBEWITNESS_CONFIG got "missing.yaml": takes the path of a YAML file that exists',
    ],
  ];

  it.each(cases)("%s", (_name, env, yaml, line) => {
    expect(problemsOf(env, yaml)).toEqual([line]);
  });

  it("is reported with line and column where the file is not YAML", () => {
    expect(problemsOf({}, "port: 1\nport: 2\n")).toEqual([
      "config.yaml:2:1 is not YAML: Map keys must be unique",
    ]);
  });

  it("is reported where an alias names nothing", () => {
    expect(problemsOf({}, "port: *nothing\n")).toEqual([
      "config.yaml is not YAML that can be read: Unresolved alias (the anchor must be set before the alias): nothing",
    ]);
  });

  it("is reported together with the others", () => {
    expect(problemsOf({ KUBEWITNESS_PORT: "x", KUBEWITNESS_DEMO: "maybe" })).toHaveLength(2);
  });
});

describe("where recordings are kept", () => {
  const bucket =
    "recordings:\n  store: bucket\n  bucket: { endpoint: https://s3.example.com, name: audit-recordings, prefix: kubewitness }\n";

  it("is PostgreSQL where nothing is said; a directory is a path, relative to where it starts", () => {
    expect(load().recordings).toMatchObject({
      store: "database",
      directory: null,
      seal: false,
      search: true,
    });
    const { recordings } = load({}, "recordings: { store: directory, directory: recordings }");
    expect(recordings).toMatchObject({ store: "directory", directory: path.join(cwd, "recordings") });
  });

  it("needs all that its place needs", () => {
    expect(problemsOf({}, "recordings: { store: directory }")).toEqual([
      "recordings.directory (KUBEWITNESS_RECORDINGS_DIRECTORY) is not set: takes the path of a folder that every replica reaches, for recordings.store: directory",
    ]);
    expect(problemsOf({}, bucket)).toEqual([
      expect.stringMatching(
        /^recordings\.bucket\.access_key \(KUBEWITNESS_RECORDINGS_BUCKET_ACCESS_KEY\) is not set/,
      ),
      expect.stringMatching(
        /^recordings\.bucket\.secret_key \(KUBEWITNESS_RECORDINGS_BUCKET_SECRET_KEY\) is not set/,
      ),
    ]);
    const keys = {
      KUBEWITNESS_RECORDINGS_BUCKET_ACCESS_KEY: "key",
      KUBEWITNESS_RECORDINGS_BUCKET_SECRET_KEY: "secret",
    };
    expect(load(keys, bucket).recordings.bucket).toMatchObject({
      prefix: "kubewitness/",
      region: "us-east-1",
    });
  });

  it.each(["../up", "/absolute", "a b/"])("takes no prefix %s", (prefix) => {
    const problems = problemsOf({ KUBEWITNESS_RECORDINGS_BUCKET_PREFIX: prefix });
    expect(problems).toEqual([expect.stringMatching(/^recordings\.bucket\.prefix .* takes letters, digits/)]);
  });
});

describe("docs/configuration.md", () => {
  const page = readFileSync(path.resolve(import.meta.dirname, "../docs/configuration.md"), "utf8");

  it.each(listSettings())("has $yaml with its variable, default and meaning", (setting) => {
    const shown =
      Array.isArray(setting.default) && setting.default.length === 0 ? "none" : `\`${setting.default}\``;
    const fallback = setting.defaultText ?? (setting.default === null ? "none" : shown);
    expect(page).toContain(
      `| \`${setting.yaml}\` | \`${setting.env}\` | ${fallback} | ${setting.meaning} Takes ${setting.kind.takes}. |`,
    );
  });

  it("names the settings that may be changed while it runs", () => {
    const [, listed = ""] = /neither the environment nor the file sets them:\n(.*?)\.\n/s.exec(page) ?? [];
    const changeable = listSettings().filter((setting) => setting.changeable);
    expect(listed.split(/,\s+/).sort()).toEqual(changeable.map(({ yaml }) => `\`${yaml}\``).sort());
  });

  it("has no setting that does not exist", () => {
    const documented = [...page.matchAll(/^\| `([^`]+)` \| `/gm)].map((match) => match[1]);
    expect(documented).toEqual(listSettings().map((setting) => setting.yaml));
  });
});
