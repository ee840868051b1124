import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { log } from "../../log.ts";
import { runExecPlugin } from "./exec-plugin.ts";
import type { ExecPlugin } from "./schema.ts";
import { createCredentialSource } from "./source.ts";

const V1 = "client.authentication.k8s.io/v1";
const CLUSTER = {
  name: "prod",
  endpoint: "https://192.0.2.1:6443",
  certificateAuthority: "-----BEGIN CERTIFICATE-----",
  tlsServerName: "kubernetes",
  insecureSkipTlsVerify: false,
};
let directory: string;

beforeAll(() => {
  directory = mkdtempSync(path.join(tmpdir(), "kubewitness-exec-plugin-"));
});
afterAll(() => rmSync(directory, { recursive: true }));

/** A real program: a script for Node. It counts its runs in a file of its own. */
function plugin(script: string, change: Partial<ExecPlugin> = {}): ExecPlugin & { runs(): number } {
  const file = path.join(directory, `${crypto.randomUUID()}.mjs`);
  const count = `import { appendFileSync } from "node:fs"; appendFileSync(${JSON.stringify(`${file}.runs`)}, ".");`;
  writeFileSync(file, `${count}\n${script}`);
  const runs = () => readFileSync(`${file}.runs`, "utf8").length;
  return {
    apiVersion: V1,
    command: process.execPath,
    args: [file],
    env: [],
    provideClusterInfo: false,
    ...change,
    runs,
  };
}

const print = (status: string, apiVersion = V1) =>
  `console.log(JSON.stringify({ apiVersion: ${JSON.stringify(apiVersion)}, kind: "ExecCredential", status: ${status} }));`;

describe("a plugin", () => {
  test("that fails may say why in the log, without the secrets that it prints", async () => {
    const warn = vi.spyOn(log, "warn");
    const script = `console.error("cannot renew: token=hunter2hunter2, try later"); process.exit(1);`;
    await expect(runExecPlugin(plugin(script), CLUSTER)).rejects.toThrow("it exited with 1");
    const logged = JSON.stringify(warn.mock.calls);
    warn.mockRestore();
    expect(logged).toContain("cannot renew");
    expect(logged).not.toContain("hunter2");
  });

  test("gives a token, a certificate, and when they end", async () => {
    const status = `{ token: "t0ken", clientCertificateData: "CERT", clientKeyData: "KEY", expirationTimestamp: "2030-01-01T00:00:00Z" }`;
    expect(await runExecPlugin(plugin(print(status)), CLUSTER)).toEqual({
      token: "t0ken",
      certificate: { certificate: "CERT", key: "KEY" },
      expiresAt: Date.UTC(2030, 0, 1),
    });
  });

  test("gets its own variables and what is asked, and none of the gateway's settings", async () => {
    process.env.DATABASE_URL ??= "postgresql://secret@localhost/x";
    process.env.KUBEWITNESS_ENCRYPTION_KEY ??= "secret";
    const seen = path.join(directory, "seen.json");
    const script = `import { writeFileSync } from "node:fs"; writeFileSync(${JSON.stringify(seen)}, JSON.stringify(process.env));`;
    const env = [{ name: "AWS_PROFILE", value: "prod" }];
    await runExecPlugin(plugin(script + print(`{ token: "t" }`), { env, provideClusterInfo: true }), CLUSTER);
    const given = JSON.parse(readFileSync(seen, "utf8"));
    expect(given).toMatchObject({ AWS_PROFILE: "prod", PATH: process.env.PATH });
    expect(Object.keys(given).filter((name) => /^(DATABASE_URL|KUBEWITNESS_.*)$/.test(name))).toEqual([]);
    expect(JSON.parse(given.KUBERNETES_EXEC_INFO)).toEqual({
      apiVersion: V1,
      kind: "ExecCredential",
      spec: {
        interactive: false,
        cluster: {
          server: CLUSTER.endpoint,
          "tls-server-name": "kubernetes",
          "certificate-authority-data": Buffer.from(CLUSTER.certificateAuthority).toString("base64"),
        },
      },
    });
  });

  test.each([
    ["exits with an error", `console.error("s3cret"); process.exit(3);`, "it exited with 3"],
    ["prints something else", `console.log("s3cret");`, "it did not print an ExecCredential"],
    ["gives nothing", print("{}"), "neither a token nor a client certificate"],
    [
      "speaks another version",
      print(`{ token: "s3cret" }`, "client.authentication.k8s.io/v1beta1"),
      "it answers",
    ],
  ])("that %s fails, and what it printed is not told", async (_name, script, why) => {
    const error = await runExecPlugin(plugin(script), CLUSTER).catch((each: Error) => each);
    expect(error).toMatchObject({ code: "unavailable", message: expect.stringContaining(why) });
    expect(String(error)).toContain("of cluster prod failed");
    expect(String(error)).not.toContain("s3cret");
  });

  test("that prints without end is stopped", async () => {
    await expect(runExecPlugin(plugin("", { command: "yes" }), CLUSTER)).rejects.toThrow(
      /it was ended by SIGKILL/,
    );
  });

  test("that is not there says so", async () => {
    const missing = plugin("", { command: "no-such-plugin" });
    await expect(runExecPlugin(missing, CLUSTER)).rejects.toThrow(/there is no such program/);
  });

  test("that this user may not run says so, also where PATH alone is at fault", async () => {
    const file = path.join(directory, "not-a-program");
    writeFileSync(file, "", { mode: 0o644 });
    const searched = plugin("", {
      command: "not-a-program",
      env: [{ name: "PATH", value: directory }],
    });
    await expect(runExecPlugin(searched, CLUSTER)).rejects.toThrow(
      /there is no such program in PATH that this user may run/,
    );
    const named = plugin("", { command: file });
    await expect(runExecPlugin(named, CLUSTER)).rejects.toThrow(/this user may not run it/);
  });
});

describe("a credential from a plugin", () => {
  test("is asked for once until it ends, also by many at the same time", async () => {
    const lasting = plugin(
      print(`{ token: "a", expirationTimestamp: new Date(Date.now() + 3600e3).toISOString() }`),
    );
    const source = createCredentialSource({ kind: "exec", plugin: lasting }, CLUSTER);
    await Promise.all([source.current(), source.current()]);
    await source.current();
    expect(lasting.runs()).toBe(1);
  });

  test("is renewed when it is about to end", async () => {
    const ending = plugin(
      print(`{ token: "a", expirationTimestamp: new Date(Date.now() + 5e3).toISOString() }`),
    );
    const source = createCredentialSource({ kind: "exec", plugin: ending }, CLUSTER);
    await source.current();
    await source.current();
    expect(ending.runs()).toBe(2);
  });

  test("is asked for again after a failure", async () => {
    const file = path.join(directory, "once");
    const script = `import { existsSync, writeFileSync } from "node:fs";
      if (!existsSync(${JSON.stringify(file)})) { writeFileSync(${JSON.stringify(file)}, ""); process.exit(1); }`;
    const source = createCredentialSource(
      { kind: "exec", plugin: plugin(script + print(`{ token: "b" }`)) },
      CLUSTER,
    );
    await expect(source.current()).rejects.toMatchObject({ code: "unavailable" });
    expect(await source.current()).toMatchObject({ token: "b" });
  });

  test("that is new and refused is not asked for again at once: the plugin does not run for each call", async () => {
    const refused = plugin(print(`{ token: "c" }`));
    const source = createCredentialSource({ kind: "exec", plugin: refused }, CLUSTER);
    const credential = await source.current();
    expect(source.refused(credential)).toBe(false);
    await source.current();
    expect(refused.runs()).toBe(1);
  });
});

test("a token file is read, and its absence named", async () => {
  const file = path.join(directory, "token");
  writeFileSync(file, "from-a-file\n");
  const source = createCredentialSource({ kind: "tokenFile", path: file }, CLUSTER);
  expect(await source.current()).toMatchObject({ token: "from-a-file", certificate: null });
  const missing = createCredentialSource({ kind: "tokenFile", path: `${file}.gone` }, CLUSTER);
  await expect(missing.current()).rejects.toThrow(/token file .* of cluster prod cannot be read/);
});
