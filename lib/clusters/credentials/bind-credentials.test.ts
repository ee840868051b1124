import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestInstallation, type TestInstallation } from "../../../test/installation.ts";
import { systemContext } from "../../context.ts";
import type { Fresh } from "../../db/keep-fresh.ts";
import { sealText } from "../../pki/seal.ts";
import { registerCluster } from "../mutations.ts";
import { findCluster, startClusterRegistry } from "../registry.ts";
import { upstreamFor } from "../upstream.ts";
import { bindCredentials } from "./bind-credentials.ts";

let installation: TestInstallation;
let registry: Fresh;

beforeAll(async () => {
  installation = await createTestInstallation();
  registry = await startClusterRegistry();
});
afterAll(async () => {
  await registry.stop();
  await installation.close();
});

const credential = { kind: "token" as const, token: "s3cret" };
const register = (name: string) =>
  registerCluster({ ctx: systemContext("test"), input: { name, endpoint: "https://192.0.2.1", credential } });

/** The row as the version before stored it: sealed for the cluster, wherever that is. */
async function sealAsBefore(id: string, key = installation.config.encryption.key) {
  const sealed = sealText({ key, context: `cluster/${id}`, text: JSON.stringify(credential) });
  await installation.pool.query("update clusters set credential = $2 where id = $1", [
    id,
    Buffer.from(sealed),
  ]);
}

test("what the version before sealed is bound to where its cluster is, and to nowhere else", async () => {
  const { id } = await register("older");
  await sealAsBefore(id);
  const revision = "select updated_at::text as at from clusters where id = $1";
  const before = (await installation.pool.query(revision, [id])).rows;
  await bindCredentials();
  expect((await installation.pool.query(revision, [id])).rows).toEqual(before);
  await registry.reload();
  expect(await upstreamFor(findCluster("older")!).authorization()).toBe("Bearer s3cret");
  await installation.pool.query(
    "update clusters set endpoint = 'https://192.0.2.66', updated_at = now() where id = $1",
    [id],
  );
  await bindCredentials();
  await registry.reload();
  expect(() => upstreamFor(findCluster("older")!)).toThrow(/cannot be opened/);
});

test("what another key sealed is left as it is, and keeps no other from being bound", async () => {
  const [lost, kept] = [await register("lost"), await register("kept")];
  await sealAsBefore(lost.id, Buffer.alloc(32, 1));
  await sealAsBefore(kept.id);
  await bindCredentials();
  await registry.reload();
  expect(() => upstreamFor(findCluster("lost")!)).toThrow(/cannot be opened/);
  expect(await upstreamFor(findCluster("kept")!).authorization()).toBe("Bearer s3cret");
});
