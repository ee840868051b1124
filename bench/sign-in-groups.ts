// npm run bench -- sign-in-groups [--groups 5000] [--grants 500]
// What somebody with many groups costs: to be admitted, to be known by a session's query, to be found in the table of grants.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { compileDecisionTable, type GrantRow } from "../lib/access/policy/compile.ts";
import { DEFAULT_RECORDING } from "../lib/access/policy/schema.ts";
import { installConfig, loadConfig } from "../lib/config.ts";
import { systemContext } from "../lib/context.ts";
import { connectDatabase, disconnectDatabase } from "../lib/db/connection.ts";
import { migrateDatabase } from "../lib/db/migrate.ts";
import { findProvider } from "../lib/identity/providers/registry.ts";
import { admitPerson } from "../lib/identity/sign-in/mutations.ts";
import { findTokenOwner } from "../lib/identity/tokens/find-owner.ts";
import { hashCredential } from "../lib/identity/tokens/format.ts";
import { issueToken } from "../lib/identity/tokens/mutations.ts";
import { startServer } from "./query/history.ts";

const { values: options } = parseArgs({
  options: { groups: { type: "string", default: "5000" }, grants: { type: "string", default: "500" } },
});
const names = Array.from({ length: Number(options.groups) }, () => crypto.randomUUID());
const server = await startServer();
const folder = mkdtempSync(path.join(tmpdir(), "kubewitness-bench-groups-"));
await migrateDatabase(server.url);
connectDatabase(server.url);
const client = { OIDC_ISSUER: "https://login.example", OIDC_CLIENT_ID: "x", OIDC_CLIENT_SECRET: "y" };
installConfig(
  loadConfig({ env: { KUBEWITNESS_DEMO: "false", KUBEWITNESS_DATA: folder, ...client }, cwd: folder }),
);
const ctx = systemContext("bench");
const provider = findProvider("oidc")!;

function admit(groups: string[]) {
  const person = { subject: "1", email: "eve@acme.example", emailVerified: true, name: "Eve" };
  const identity = { issuer: provider.issuer, ...person, groups: { names: groups, leftOut: null } };
  return admitPerson({ ctx, input: { provider, identity, refreshToken: null } });
}

async function measure<T>(what: string, work: () => Promise<T> | T, times = 1): Promise<T> {
  const startedAt = performance.now();
  let result = await work();
  for (let done = 1; done < times; done++) result = await work();
  process.stdout.write(`${what}: ${((performance.now() - startedAt) / times).toFixed(2)} ms\n`);
  return result;
}

const { id: userId } = await measure("first sign-in, with one group", () => admit(names.slice(0, 1)));
await measure(`the next, with ${names.length}, all new`, () => admit(names));
await measure("another, with the same", () => admit(names), 5);
const { token } = await issueToken({ ctx, input: { name: "bench", userId } });
const owner = await measure("whose a token is", () => findTokenOwner(hashCredential(token)), 20);
const actor = owner!.actor;
const groupIds = actor.kind === "user" ? actor.groupIds : [];
const table = compileDecisionTable(
  groupIds.slice(0, Number(options.grants)).map(
    (subject, index): GrantRow => ({
      grantId: `g${index}`,
      subjectKind: "group",
      subject,
      clusterId: null,
      namespaces: [],
      expiresAt: null,
      role: {
        id: "r",
        name: "r",
        rules: [],
        kubernetesGroups: [],
        impersonateUsers: [],
        impersonateGroups: [],
        recording: DEFAULT_RECORDING,
      },
    }),
  ),
);
await measure("their grants, at a token's first call", () => table.grantsOf(actor));
await measure("their grants, at each call after it", () => table.grantsOf(actor), 10_000);

await disconnectDatabase();
await server.stop();
rmSync(folder, { recursive: true, force: true });
