import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { startSandboxCluster } from "kubewitness-sandbox/kubernetes";
import { Registry } from "prom-client";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type KubectlBinary, kubectlBinaries, rawPath } from "../../scripts/kubectl-binaries.ts";
import { createTestDatabase } from "../../test/database.ts";
import type { Decision } from "../access/policy/decision.ts";
import { startAuditPipeline } from "../audit/pipeline/pipeline.ts";
import type { Recorder } from "../audit/pipeline/recorder.ts";
import { type ApiServer, startApiServer } from "./testing/api-server.ts";
import { testCertificates } from "./testing/certificates.ts";
import { type Kubectl, kubectlFor } from "./testing/kubectl.ts";
import { send } from "./testing/request.ts";
import { ALICE, allow, startTestGateway, type TestGateway } from "./testing/test-gateway.ts";
import { testUpstream } from "./testing/test-upstream.ts";

// After a change was sent, no answer makes a client send it again, and each says what is known. Clients are real kubectls.

const binaries = await kubectlBinaries();
/** The oldest and the newest. */
const ends: [string, KubectlBinary][] = [binaries[0]!, binaries.at(-1)!].map((binary) => [
  `kubectl ${binary.version}`,
  binary,
]);
const POD = JSON.stringify({ apiVersion: "v1", kind: "Pod", metadata: { generateName: "web-" } });
/** `--raw` asks for nothing before. */
const create = ({ version }: KubectlBinary) => {
  const pods = rawPath(version, "/k8s/clusters/prod", "/api/v1/namespaces/checkout/pods");
  return ["create", "--raw", pods, "-f", "-"];
};

describe("of a change that was sent", () => {
  let api: ApiServer;
  let gateway: TestGateway;
  let kubectl: Kubectl;

  beforeAll(async () => {
    [api, gateway] = await Promise.all([startApiServer(), startTestGateway()]);
    gateway.addCluster("prod", api.upstream);
    kubectl = await kubectlFor(gateway.port);
  });
  beforeEach(() => {
    gateway.recorder.clear();
    Object.assign(gateway.recorder, { failing: false, late: false });
    api.seen.length = 0;
  });
  afterAll(async () => {
    await kubectl.close();
    await gateway.close();
    await api.close();
  });

  const created = { apiVersion: "v1", kind: "Pod", metadata: { name: "web-x7", namespace: "checkout" } };
  /** Carries out what it is asked for, then does `before` its answer. */
  const carryOut = (before: () => void): ApiServer["onRequest"] => {
    return (request, response) => {
      request.resume().on("end", () => {
        before();
        response.writeHead(201, { "Content-Type": "application/json" }).end(JSON.stringify(created));
      });
    };
  };

  test.each(ends)(
    "%s gets the cluster's answer where PostgreSQL is late, with a warning",
    async (_name, binary) => {
      gateway.recorder.late = true;
      api.onRequest = carryOut(() => {});
      const { code, out, err } = await kubectl.run(binary.path, create(binary), POD);
      expect([code, JSON.parse(out)]).toEqual([0, created]);
      expect(err).toMatch(/^Warning: done, and in the audit journal/);
      expect(api.seen).toHaveLength(1);
      expect(gateway.recorder.entries).toMatchObject([
        { httpStatus: 201, result: "success", resourceName: "web-x7" },
      ]);
    },
  );

  test.each(ends)("%s is told that it was carried out where no journal takes it", async (_name, binary) => {
    api.onRequest = carryOut(() => {
      gateway.recorder.failing = true;
    });
    const { code, err } = await kubectl.run(binary.path, create(binary), POD);
    expect(code).toBe(1);
    expect(err).toContain("The cluster carried the change out (201)");
    expect(err).not.toContain("refused");
    expect(api.seen).toHaveLength(1);
  });

  test.each(ends)("%s is told that nothing is known where the cluster breaks off", async (_name, binary) => {
    api.onRequest = (request) => request.resume().on("end", () => request.socket.destroy());
    const { code, err } = await kubectl.run(binary.path, create(binary), POD);
    expect(code).toBe(1);
    expect(err).toContain("Whether the cluster carried the change out is not known");
    expect(api.seen).toHaveLength(1);
    expect(gateway.recorder.entries).toMatchObject([
      { httpStatus: 424, result: "failure", message: expect.stringContaining("is not known") },
    ]);
  });

  test("whatever the gateway says itself carries no Retry-After and is no status that clients repeat", async () => {
    const fates: [string, ApiServer["onRequest"]][] = [
      ["refused by the cluster", (_request, response) => response.writeHead(409).end("{}")],
      ["a redirect", (_request, response) => response.writeHead(303, { Location: "/x" }).end()],
      ["broken off", (request) => request.socket.destroy()],
      [
        "broken off within its answer",
        (_request, response) => {
          response.writeHead(201, { "Content-Length": "9" });
          response.write("{", () => response.destroy());
        },
      ],
    ];
    for (const [what, onRequest] of fates) {
      for (const failing of [false, true]) {
        api.onRequest = (request, response) => {
          gateway.recorder.failing = failing;
          onRequest(request, response);
        };
        const path = "prod/api/v1/namespaces/checkout/pods";
        const answer = await send({ port: gateway.port, path, method: "POST", body: POD }).catch(() => null);
        gateway.recorder.failing = false;
        // A connection that is cut within an answer says for itself that it is not whole.
        if (answer === null) continue;
        expect(answer.headers, what).not.toHaveProperty("retry-after");
        expect([409, 424], what).toContain(answer.status);
      }
    }
    expect(api.seen).toHaveLength(2 * fates.length);
  });

  test("a Retry-After of the cluster's own passes: it knows what it did", async () => {
    api.onRequest = (_request, response) => response.writeHead(429, { "Retry-After": "3" }).end("{}");
    const path = "prod/api/v1/namespaces/checkout/pods";
    const answer = await send({ port: gateway.port, path, method: "POST", body: POD });
    expect([answer.status, answer.headers["retry-after"]]).toEqual([429, "3"]);
  });

  test("a change that never left may come again, and says so", async () => {
    gateway.recorder.full = "the audit journal is full";
    const path = "prod/api/v1/namespaces/checkout/pods";
    const answer = await send({ port: gateway.port, path, method: "POST", body: POD });
    gateway.recorder.full = null;
    expect([answer.status, answer.headers["retry-after"]]).toEqual([503, "1"]);
    expect(api.seen).toEqual([]);
  });
});

describe("on a cluster", () => {
  const closing: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });

  const newest = binaries.at(-1)!.path;

  /** A sandbox cluster behind a gateway that records with `pipeline`, and a kubectl for it. */
  async function startCluster(pipeline: Recorder): Promise<Kubectl> {
    const { certificate: cert, key, ca } = await testCertificates();
    const sandbox = await startSandboxCluster({
      tls: { cert, key },
      tokens: { credential: { user: "gateway", groups: ["system:masters"] } },
    });
    const upstream = testUpstream({ url: sandbox.url, ca, token: "credential" });
    const gateway = await startTestGateway({ pipeline });
    gateway.decide = (input) => ({
      ...(allow(input) as Extract<Decision, { allowed: true }>),
      impersonate: { user: ALICE.email, groups: ["system:masters"], extra: {} },
    });
    gateway.addCluster("prod", upstream);
    const kubectl = await kubectlFor(gateway.port);
    closing.push(
      () => sandbox.close(),
      () => upstream.calls.destroy(),
      () => gateway.close(),
      () => kubectl.close(),
    );
    return kubectl;
  }

  test("with audit.sync and PostgreSQL stalled, one create with generateName makes one object, and says so", async () => {
    const db = await createTestDatabase();
    closing.push(() => db.close());
    const data = await mkdtemp(path.join(tmpdir(), "kubewitness-late-"));
    closing.push(() => rm(data, { recursive: true }));
    const settings = { sync: true, durability: "strict", reads: true, retentionDays: 0 } as const;
    const pipeline = await startAuditPipeline({
      config: { data, audit: { ...settings, journal: { maxBytes: 2 ** 24 } } },
      pool: db.pool,
      registry: new Registry(),
      syncWaitMs: 500,
    });
    closing.push(() => pipeline.drain());
    const kubectl = await startCluster(pipeline.recorder);
    await kubectl.run(newest, ["create", "namespace", "checkout"]);

    const stalled = await db.pool.connect();
    await stalled.query("BEGIN");
    await stalled.query("LOCK TABLE audit_ledger IN ACCESS EXCLUSIVE MODE");
    const manifest = { apiVersion: "v1", kind: "ConfigMap", metadata: { generateName: "once-" } };
    const run = await kubectl.run(newest, ["create", "-f", "-"], JSON.stringify(manifest));
    expect(run).toMatchObject({ code: 0, out: expect.stringMatching(/^configmap\/once-\S+ created/) });
    expect(run.err).toContain("Warning: done, and in the audit journal");
    const made = await kubectl.run(newest, ["get", "configmaps", "-o", "name"]);
    expect(made.out.match(/once-/g)).toHaveLength(1);
    await stalled.query("ROLLBACK");
    stalled.release();

    const name = run.out.slice("configmap/".length).split(" ", 1)[0];
    const row = () =>
      db.pool.query("SELECT http_status FROM kube_request WHERE resource_name = $1 AND stage = 0", [name]);
    await expect.poll(async () => (await row()).rows, { timeout: 20_000 }).toEqual([{ http_status: 201 }]);
  }, 120_000);

  test("a command whose start cannot be recorded is begun once: kubectl does not go on to SPDY", async () => {
    const begun = new Set<string>();
    const kubectl = await startCluster({
      admission: () => ({ admitted: true }),
      recordIntent: (entry) => {
        if (entry.resource === "pods/exec") begun.add(entry.callId);
        return { isDurable: true, whenDurable: (listener) => listener(null) };
      },
      recordEntry: (entry, _options, done) =>
        done(entry.resource === "pods/exec" ? new Error("disk full") : "recorded"),
    });
    const [pod] = (await kubectl.run(newest, ["get", "pods", "-o", "name"])).out.split("\n");
    const { code, err } = await kubectl.run(newest, ["exec", pod!, "--", "ls"]);
    expect(code).toBe(1);
    expect(err).not.toBe("");
    expect(begun.size).toBe(1);
  }, 60_000);
});
