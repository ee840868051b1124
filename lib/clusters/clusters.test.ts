import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import {
  createTestInstallation,
  lastEventNo,
  readEvents,
  type TestInstallation,
} from "../../test/installation.ts";
import { type Context, systemContext } from "../context.ts";
import type { Fresh } from "../db/keep-fresh.ts";
import { createPerson } from "../identity/people/mutations.ts";
import { importKubeconfig } from "./kubeconfig/import.ts";
import { registerCluster, removeCluster, updateCluster } from "./mutations.ts";
import { findCluster, startClusterRegistry } from "./registry.ts";
import { upstreamFor } from "./upstream.ts";

const ctx = systemContext("test");
let administrator: Context;
let installation: TestInstallation;
let registry: Fresh;

beforeAll(async () => {
  installation = await createTestInstallation();
  registry = await startClusterRegistry({ pollMs: 200 });
  const { id, name, email } = await createPerson({
    ctx,
    input: { email: "admin@acme.example", name: "Admin" },
  });
  const actor = {
    kind: "user" as const,
    id,
    name,
    email,
    consoleRole: "administrator" as const,
    groups: [],
    groupIds: [],
  };
  administrator = { ...ctx, actor };
});
afterAll(async () => {
  await registry.stop();
  await installation.close();
});

let made = 0;
const unique = () => `cluster-${++made}`;
const TOKEN = { kind: "token" as const, token: "the-clusters-s3cret" };
const register = (change: object = {}) =>
  registerCluster({
    ctx: administrator,
    input: { name: unique(), endpoint: "https://192.0.2.1:6443", credential: TOKEN, ...change },
  });
const eventually = (name: string) => expect.poll(() => findCluster(name));

describe("a registered cluster", () => {
  test("is found within moments, and its credential is in no table, event or answer", async () => {
    const before = await lastEventNo(installation);
    const view = await register();
    await eventually(view.name).toMatchObject({ id: view.id, endpoint: "https://192.0.2.1:6443" });
    const { rows } = await installation.pool.query("select credential from clusters where id = $1", [
      view.id,
    ]);
    const events = await readEvents(installation, before);
    expect(events).toMatchObject([
      { action: "Create", entityType: "Cluster", entityName: view.name, actorName: "admin@acme.example" },
    ]);
    expect(JSON.stringify([view, events]) + rows[0].credential.toString("latin1")).not.toContain(TOKEN.token);
    expect(await upstreamFor(findCluster(view.name)!).authorization()).toBe(`Bearer ${TOKEN.token}`);
  });

  test("lends its credential to no other: a row's bytes open for that row alone", async () => {
    const [one, other] = [
      await register(),
      await register({ credential: { kind: "token", token: "other" } }),
    ];
    const swap =
      "update clusters set credential = (select credential from clusters where id = $1) where id = $2";
    await installation.pool.query(swap, [one.id, other.id]);
    await registry.reload();
    expect(() => upstreamFor(findCluster(other.name)!)).toThrow(/cannot be opened/);
  });

  test.each([
    { endpoint: "https://192.0.2.66:6443" },
    { endpoint: "https://192.0.2.1:6443/elsewhere" },
    { certificateAuthority: "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n" },
    { tlsServerName: "elsewhere" },
    { insecureSkipTlsVerify: true },
  ])("goes nowhere but where it was given for: %o asks for the credential anew", async (change) => {
    const view = await register();
    const before = await lastEventNo(installation);
    await expect(
      updateCluster({ ctx: administrator, input: { id: view.id, ...change } }),
    ).rejects.toMatchObject({
      code: "invalid_argument",
      details: [{ field: "credential" }],
    });
    expect(await lastEventNo(installation)).toBe(before);
    await eventually(view.name).toMatchObject({ endpoint: "https://192.0.2.1:6443", tlsServerName: null });
    const anew = { kind: "token" as const, token: "given-anew" };
    await updateCluster({ ctx: administrator, input: { id: view.id, ...change, credential: anew } });
    await eventually(view.name).toMatchObject(change);
    expect(await upstreamFor(findCluster(view.name)!).authorization()).toBe("Bearer given-anew");
  });

  test("keeps its credential with another name, and with what it has already", async () => {
    const view = await register();
    const change = { name: unique(), endpoint: "HTTPS://192.0.2.1:6443/", tlsServerName: null };
    await updateCluster({ ctx: administrator, input: { id: view.id, ...change } });
    await eventually(change.name).toMatchObject({ endpoint: "https://192.0.2.1:6443" });
    expect(await upstreamFor(findCluster(change.name)!).authorization()).toBe(`Bearer ${TOKEN.token}`);
  });

  test.each([
    "endpoint = 'https://192.0.2.66:6443'",
    "certificate_authority = 'another'",
    "tls_server_name = 'elsewhere'",
    "insecure_skip_tls_verify = true",
  ])(
    "opens for no other address, authority or TLS setting, also where the row is changed by hand: %s",
    async (set) => {
      const view = await register();
      await installation.pool.query(`update clusters set ${set} where id = $1`, [view.id]);
      await registry.reload();
      expect(() => upstreamFor(findCluster(view.name)!)).toThrow(/cannot be opened/);
    },
  );

  test("is called at its new address and with its new credential once it is changed", async () => {
    const view = await register();
    await eventually(view.name).not.toBeNull();
    const old = upstreamFor(findCluster(view.name)!);
    const before = await lastEventNo(installation);
    const change = {
      endpoint: "https://192.0.2.2",
      credential: { kind: "token" as const, token: "new-s3cret" },
    };
    await updateCluster({ ctx: administrator, input: { id: view.id, ...change } });
    await eventually(view.name).toMatchObject({ endpoint: "https://192.0.2.2" });
    const upstream = upstreamFor(findCluster(view.name)!);
    expect(upstream).not.toBe(old);
    expect(await upstream.authorization()).toBe("Bearer new-s3cret");
    const [event] = await readEvents(installation, before);
    expect(event).toMatchObject({
      operation: "Update",
      before: { endpoint: "https://192.0.2.1:6443" },
      after: { endpoint: "https://192.0.2.2", credentialChanged: true },
    });
    expect(JSON.stringify(event)).not.toContain("s3cret");
  });

  test("is gone within moments once it is removed, and its credential with it", async () => {
    const view = await register();
    await eventually(view.name).not.toBeNull();
    await removeCluster({ ctx: administrator, input: { id: view.id } });
    await eventually(view.name).toBeNull();
    const { rows } = await installation.pool.query("select credential from clusters where id = $1", [
      view.id,
    ]);
    expect(rows).toEqual([{ credential: null }]);
    await expect(removeCluster({ ctx: administrator, input: { id: view.id } })).rejects.toMatchObject({
      code: "not_found",
    });
  });

  test("is found also where its announcement is lost", async () => {
    const insert =
      "insert into clusters (name, endpoint, credential_kind) values ('silent', 'https://192.0.2.3', 'none')";
    await installation.pool.query(insert);
    await eventually("silent").not.toBeNull();
  });
});

describe("a cluster behind a tunnel", () => {
  const NONE = { kind: "none" as const };
  const tunnelled = { connection: "tunnel" as const, endpoint: "https://127.0.0.1:6443" };

  test("has an address that only its agents know, and is direct again only at one that may be called", async () => {
    const view = await register(tunnelled);
    await eventually(view.name).toMatchObject({ ...tunnelled, agentTag: null, tunnelCredential: "gateway" });
    await updateCluster({ ctx: administrator, input: { id: view.id, agentTag: "eu" } });
    await eventually(view.name).toMatchObject({ agentTag: "eu" });
    await expect(
      updateCluster({ ctx: administrator, input: { id: view.id, connection: "direct" } }),
    ).rejects.toMatchObject({ details: [{ field: "endpoint" }] });
  });

  test("whose agent proves the calls leaves no credential here", async () => {
    const mode = { ...tunnelled, tunnelCredential: "agent" as const };
    await expect(register(mode)).rejects.toMatchObject({
      details: [{ field: "credential.kind", got: "token" }],
    });
    const view = await register({ ...mode, credential: NONE });
    await expect(
      updateCluster({ ctx: administrator, input: { id: view.id, credential: TOKEN } }),
    ).rejects.toMatchObject({ details: [{ field: "credential.kind" }] });
  });

  test("is called over TLS, and with a certificate unless the credential was given for that", async () => {
    await expect(register({ ...tunnelled, endpoint: "http://127.0.0.1:8001" })).rejects.toMatchObject({
      details: [{ field: "endpoint" }],
    });
    const view = await register({ insecureSkipTlsVerify: true });
    const change = { id: view.id, connection: "tunnel" as const };
    await expect(updateCluster({ ctx: administrator, input: change })).rejects.toMatchObject({
      details: [{ field: "credential" }],
    });
    await updateCluster({ ctx: administrator, input: { ...change, credential: TOKEN } });
  });
});

describe("what is no cluster", () => {
  test.each([
    [{ endpoint: "https://127.0.0.1:6443" }, "endpoint"],
    [{ endpoint: "https://169.254.169.254" }, "endpoint"],
    [
      {
        credential: {
          kind: "exec",
          plugin: { apiVersion: "client.authentication.k8s.io/v1", command: "id" },
        },
      },
      "credential.kind",
    ],
    [{ credential: { kind: "tokenFile", path: "/etc/passwd" } }, "credential.kind"],
  ])("%o names what is wrong", async (wrong, field) => {
    await expect(register(wrong)).rejects.toMatchObject({ code: "invalid_argument", details: [{ field }] });
  });

  test("a name that cannot stand in a path", async () => {
    for (const name of ["", "a/b", "..", "-a", "a b", "a%2f"])
      await expect(register({ name })).rejects.toThrow();
  });
});

describe("importing a kubeconfig", () => {
  const kubeconfig = (token: string, server = "https://imported.invalid:6443") =>
    stringify({
      clusters: [
        { name: "good", cluster: { server } },
        { name: "loopback", cluster: { server: "https://127.0.0.1:1" } },
      ],
      users: [{ name: "u", user: { token } }],
      contexts: [
        { name: "imported", context: { cluster: "good", user: "u" } },
        { name: "refused", context: { cluster: "loopback", user: "u" } },
        { name: "dangling", context: { cluster: "gone", user: "u" } },
      ],
    });
  const outcomes = async (source: { text: string } | { file: string }, as = administrator) =>
    (await importKubeconfig({ ctx: as, input: source })).map(({ name, outcome }) => `${name} ${outcome}`);

  test("registers each context, brings it up to date, and leaves alone what has not changed", async () => {
    expect(await outcomes({ text: kubeconfig("one") })).toEqual([
      ...["imported registered", "refused refused", "dangling refused"],
    ]);
    const before = await lastEventNo(installation);
    expect((await outcomes({ text: kubeconfig("one") }))[0]).toBe("imported unchanged");
    expect((await outcomes({ text: kubeconfig("one", "HTTPS://imported.invalid:6443/") }))[0]).toBe(
      "imported unchanged",
    );
    expect(await lastEventNo(installation)).toBe(before);
    expect((await outcomes({ text: kubeconfig("two") }))[0]).toBe("imported updated");
    await registry.reload();
    expect(await upstreamFor(findCluster("imported")!).authorization()).toBe("Bearer two");
  });

  test("from a file, with a plugin, is for the gateway's start alone", async () => {
    const directory = mkdtempSync(path.join(tmpdir(), "kubewitness-import-"));
    const file = path.join(directory, "config");
    const plugin = { apiVersion: "client.authentication.k8s.io/v1", command: "echo" };
    const contexts = [{ name: "with-plugin", context: { cluster: "c", user: "u" } }];
    const clusters = [{ name: "c", cluster: { server: "https://plugin.invalid" } }];
    writeFileSync(file, stringify({ clusters, contexts, users: [{ name: "u", user: { exec: plugin } }] }));
    await expect(outcomes({ file })).rejects.toMatchObject({ code: "permission_denied" });
    expect(await outcomes({ file }, ctx)).toEqual(["with-plugin registered"]);
    await expect(outcomes({ file: path.join(directory, "none") }, ctx)).rejects.toThrow(
      /takes the path of a file/,
    );
    rmSync(directory, { recursive: true });
  });
});
