import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { type SandboxCluster, startSandboxCluster } from "kubewitness-sandbox/kubernetes";
import { afterAll, beforeAll, expect, test } from "vitest";
import { stringify } from "yaml";
import { freePort } from "../../../test/free-ports.ts";
import { createTestInstallation, lastEventNo, type TestInstallation } from "../../../test/installation.ts";
import { systemContext } from "../../context.ts";
import { createPerson } from "../../identity/people/mutations.ts";
import { issueToken } from "../../identity/tokens/mutations.ts";
import { createAuthority, issueServerCertificate } from "../../pki/issue-certificate.ts";
import { importKubeconfig } from "./import.ts";
import { renderKubeconfig } from "./render.ts";

// What an import says of each context, against a cluster that is really there.

const ctx = systemContext("test");
let installation: TestInstallation;
let sandbox: SandboxCluster;
let authority: string;
let silent: ReturnType<typeof createServer>;

beforeAll(async () => {
  installation = await createTestInstallation({ KUBEWITNESS_CLUSTERS_ALLOW_LOOPBACK: "true" });
  const made = await createAuthority("the cluster's");
  const { certificate, key } = await issueServerCertificate(made, { hosts: ["127.0.0.1"] });
  authority = made.certificate;
  sandbox = await startSandboxCluster({
    tls: { cert: certificate, key },
    tokens: {
      gateway: { user: "system:serviceaccount:kubewitness:gateway", groups: [] },
      nobody: { user: "nobody", groups: [] },
    },
  });
  silent = createServer(() => {});
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
});
afterAll(async () => {
  silent.close();
  await sandbox.close();
  await installation.close();
});

interface Given {
  server?: string;
  token?: string;
  ca?: string;
}

function kubeconfig(contexts: Record<string, Given>): string {
  const named = Object.entries(contexts);
  return stringify({
    clusters: named.map(([name, { server = sandbox.url, ca = authority }]) => {
      const data = Buffer.from(ca).toString("base64");
      return { name, cluster: { server, "certificate-authority-data": data } };
    }),
    users: named.map(([name, { token = "gateway" }]) => ({ name, user: { token } })),
    contexts: named.map(([name]) => ({ name, context: { cluster: name, user: name } })),
  });
}

async function importAll(text: string) {
  const imported = await importKubeconfig({ ctx, input: { text } });
  return Object.fromEntries(
    imported.map(({ name, outcome, reason, problem }) => [name, { outcome, reason, problem }]),
  );
}

test("an imported cluster was tried: what keeps calls from working is said", async () => {
  const other = await createAuthority("another");
  const answers = await importAll(
    kubeconfig({
      works: {},
      "wrong-token": { token: "wrong" },
      powerless: { token: "nobody" },
      untrusted: { ca: other.certificate },
      down: { server: `https://127.0.0.1:${await freePort()}` },
      silent: { server: `https://127.0.0.1:${(silent.address() as AddressInfo).port}` },
    }),
  );
  const registered = { outcome: "registered", reason: null };
  expect(answers).toEqual({
    works: { ...registered, problem: null },
    "wrong-token": { ...registered, problem: "it does not take the credential (401)" },
    powerless: { ...registered, problem: expect.stringContaining("may not impersonate people") },
    untrusted: {
      ...registered,
      problem: expect.stringMatching(/^its certificate is signed by an authority that is not known here/),
    },
    down: { ...registered, problem: expect.stringContaining("ECONNREFUSED") },
    silent: { ...registered, problem: "it does not answer within 5 s" },
  });
  expect(await importAll(kubeconfig({ works: {} }))).toEqual({
    works: { outcome: "unchanged", reason: null, problem: null },
  });
});

test("the gateway's own kubeconfig is refused, by its address and by its token", async () => {
  const person = await createPerson({ ctx, input: { email: "p@acme.example", name: "P", groups: [] } });
  const { token } = await issueToken({ ctx, input: { name: "t", userId: person.id } });
  const own = renderKubeconfig({
    clusters: [{ name: "round", token }],
    server: installation.config.kubePublicUrl,
    certificateAuthority: authority,
    person: person.email,
  });
  const before = await lastEventNo(installation);
  expect(await importAll(own)).toEqual({
    round: {
      outcome: "refused",
      problem: null,
      reason: expect.stringContaining("takes the cluster's own address: this is the gateway's"),
    },
  });
  const elsewhere = kubeconfig({ alias: { server: "https://gateway.invalid/k8s/clusters/round", token } });
  expect(await importAll(elsewhere)).toMatchObject({
    alias: {
      outcome: "refused",
      reason: expect.stringContaining("this token is one that the gateway gave somebody"),
    },
  });
  expect(JSON.stringify(await importAll(elsewhere))).not.toContain(token);
  expect(await lastEventNo(installation)).toBe(before);
});
