import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Config, ConfigError, loadConfig } from "../config.ts";

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(path.join(tmpdir(), "kubewitness-demo-"));
});
afterEach(() => rmSync(cwd, { recursive: true }));

/** What a start with these settings comes to: its configuration, or the lines that it is refused with. */
function start(
  env: Record<string, string>,
  { yaml = "", kubeconfig }: { yaml?: string; kubeconfig?: string } = {},
) {
  writeFileSync(path.join(cwd, "config.yaml"), yaml);
  try {
    return { config: loadConfig({ env, cwd, kubeconfig }), problems: [] };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { config: null as Config | null, problems: error.problems };
  }
}

const REST = {
  OIDC_CLIENT_ID: "kubewitness",
  OIDC_CLIENT_SECRET: "s3cret",
  OIDC_ADMINISTRATOR_GROUPS: "platform",
  KUBEWITNESS_HOST: "0.0.0.0",
  KUBEWITNESS_PUBLIC_URL: "https://audit.example.com",
};

describe("the demo does not start", () => {
  it("where one variable of a real installation is misspelt", () => {
    const { config, problems } = start(
      { ...REST, OIDC_ISSUER_URL: "https://login.example.com" },
      { kubeconfig: "prod" },
    );
    expect(config).toBeNull();
    expect(problems).toEqual([
      'OIDC_ISSUER_URL in the environment is not a setting; did you mean "OIDC_ISSUER"?',
    ]);
  });

  it("where the issuer is missing, and says what keeps it from starting", () => {
    const { problems } = start(REST, { kubeconfig: "prod" });
    expect(problems).toEqual([
      "oidc.issuer (OIDC_ISSUER) is not set: takes the identity provider's https address, such as https://login.example.com (http only on this machine)",
      "demo (KUBEWITNESS_DEMO) is not set: the demo starts by itself only without host (KUBEWITNESS_HOST), publicUrl (KUBEWITNESS_PUBLIC_URL), " +
        "oidc.clientId (OIDC_CLIENT_ID), oidc.clientSecret (OIDC_CLIENT_SECRET), oidc.administratorGroups (OIDC_ADMINISTRATOR_GROUPS), --kubeconfig",
    ]);
  });

  it.each([
    { KUBEWITNESS_HOST: "0.0.0.0" },
    { KUBEWITNESS_HOST: "::" },
    { KUBEWITNESS_PUBLIC_URL: "https://audit.example.com" },
    { KUBEWITNESS_KUBE_PUBLIC_URL: "https://kube.example.com" },
    { DATABASE_URL: "postgresql://db.example/kubewitness" },
    { NEXTAUTH_SECRET: "x".repeat(32) },
    { KUBEWITNESS_TLS_CERTIFICATE: "a.pem", KUBEWITNESS_TLS_KEY: "a.key" },
    { KUBEWITNESS_TRUSTED_PROXIES: "10.0.0.1" },
    { KUBEWITNESS_CLUSTERS_ALLOW_LOOPBACK: "true" },
    { OIDC_AUDITOR_GROUPS: "auditors" },
    { OIDC_DISCOVERY: "https://login.example.com" },
    { DATABASE_HOST: "db.example" },
    { NEXTAUTH_URL: "https://audit.example.com" },
  ] as Record<string, string>[])("by itself beside %o", (env) => {
    expect(start(env).config).toBeNull();
    expect(start(env).problems.join()).toContain("the demo starts by itself only without");
  });

  it("by itself beside real clusters", () => {
    expect(start({}, { kubeconfig: "prod" }).problems.join()).toContain("only without --kubeconfig");
    expect(start({}, { yaml: "oidc: { administratorGroups: [platform] }" }).config).toBeNull();
  });

  it.each([
    [{ OIDC_CLIENT_ID: "kubewitness" }, undefined, "oidc.clientId (OIDC_CLIENT_ID)"],
    [
      { KUBEWITNESS_PUBLIC_URL: "https://audit.example.com" },
      undefined,
      "publicUrl (KUBEWITNESS_PUBLIC_URL)",
    ],
    [{ KUBEWITNESS_TRUSTED_PROXIES: "10.0.0.1" }, undefined, "trustedProxies (KUBEWITNESS_TRUSTED_PROXIES)"],
    [{}, "prod.kubeconfig", "--kubeconfig"],
  ] as [Record<string, string>, string | undefined, string][])(
    "beside %o %s, though it is asked for",
    (env, kubeconfig, named) => {
      expect(start({ KUBEWITNESS_DEMO: "true", ...env }, { kubeconfig }).problems).toEqual([
        `demo (KUBEWITNESS_DEMO) got true with ${named} set: takes one of the two`,
      ]);
    },
  );
});

describe("the demo starts", () => {
  it("beside ports, a data folder and settings of the record", () => {
    const env = {
      KUBEWITNESS_PORT: "4000",
      KUBEWITNESS_DATA: "elsewhere",
      KUBEWITNESS_AUDIT_RETENTION_DAYS: "3",
    };
    const { config } = start({ ...env, KUBEWITNESS_HOST: "127.0.0.1" });
    expect(config).toMatchObject({
      demo: true,
      host: "127.0.0.1",
      data: path.join(cwd, "elsewhere", "demo"),
    });
  });

  it.each(["0.0.0.0", "::", "192.0.2.7", "audit.example.com", "127.0.0.1.example.com"])(
    "on loopback alone, though it is asked for with host %s",
    (host) => {
      expect(start({ KUBEWITNESS_DEMO: "true", KUBEWITNESS_HOST: host }).config?.host).toBe("localhost");
    },
  );

  it("where Kubernetes tells a pod of a Service called database", () => {
    const links = { DATABASE_SERVICE_HOST: "10.0.0.1", DATABASE_PORT: "tcp://10.0.0.1:5432" };
    expect(start({ ...links, DATABASE_PORT_5432_TCP_ADDR: "10.0.0.1" }).config?.demo).toBe(true);
  });
});

const REAL = {
  OIDC_ISSUER: "https://login.example.com",
  OIDC_CLIENT_ID: "kubewitness",
  OIDC_CLIENT_SECRET: "s3cret",
};

describe("a variable that is no setting", () => {
  it.each([
    ["OIDC_ADMIN_GROUPS", "OIDC_ADMINISTRATOR_GROUPS"],
    ["OIDC_ADMINISTRATORS_GROUP", "OIDC_ADMINISTRATOR_GROUPS"],
    ["OIDC_GROUPS", "OIDC_GROUPS_CLAIM"],
    ["OIDC_SCOPE", "OIDC_SCOPES"],
    ["DATABASE_URI", "DATABASE_URL"],
    ["DATABSE_URL", "DATABASE_URL"],
    ["NEXTAUTH_SECRET_KEY", "NEXTAUTH_SECRET"],
    ["KUBEWITNESS_HOSTNAME", "KUBEWITNESS_HOST"],
    ["oidc_scopes", "OIDC_SCOPES"],
    ["KUBEWITNESS_DATABASE_URL", "DATABASE_URL"],
  ])("%s is refused, and names %s", (name, meant) => {
    expect(start({ ...REAL, [name]: "x" }).problems).toEqual([
      `${name} in the environment is not a setting; did you mean "${meant}"?`,
    ]);
  });

  it.each([
    "DATABASE_POOL_SIZE",
    "NEXTAUTH_URL",
    "TEST_DATABASE_URL",
    "DATABASE_HOST",
    "OIDC_TIMEOUT",
    "PATH",
  ])("%s is another program's", (name) => {
    expect(start({ ...REAL, [name]: "x" }).problems).toEqual([]);
  });

  it("is another program's also where it is like a setting that is set beside it", () => {
    const database = {
      DATABASE_URL: "postgresql://db.example/k",
      DATABASE_URL_UNPOOLED: "postgresql://db.example/k",
    };
    expect(start({ ...REAL, ...database }).problems).toEqual([]);
  });
});
