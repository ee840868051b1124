import net from "node:net";
import { type Duplex, duplexPair } from "node:stream";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { kubectlBinaries } from "../../scripts/kubectl-binaries.ts";
import type { Transport } from "../clusters/transports/transport.ts";
import { AppError } from "../errors.ts";
import { createAuthority } from "../pki/issue-certificate.ts";
import { type KubectlLab, startKubectlLab } from "./testing/kubectl-lab.ts";
import { until } from "./testing/memory-recorder.ts";
import { exchange } from "./testing/raw-client.ts";
import { send } from "./testing/request.ts";
import { testUpstream } from "./testing/test-upstream.ts";
import { spdyHead, webSocketHead } from "./testing/upgrade-heads.ts";

// A form of the way to a cluster as a tunnel will be one: where the endpoint is means nothing here, nothing can dial it, and the bytes
// go through a stream that is no socket. Only the upstream knows of it.

const ENDPOINT = { url: "https://api-server.invalid:6443", tlsServerName: "localhost" };
const kubectl = (await kubectlBinaries()).at(-1)!.path;

/** The streams that a transport has open, each with what carries its bytes. */
const open = new Set<Duplex>();
const dialled: string[] = [];

/** Gives streams whose bytes this process carries to a port of this machine. */
function carriedTo(port: number): Transport {
  return {
    name: "carried",
    async dial({ host, port: asked }, signal) {
      signal.throwIfAborted();
      dialled.push(`${host}:${asked}`);
      const [mine, theirs] = duplexPair();
      const carrier = net.connect(port, "127.0.0.1");
      for (const stream of [theirs, carrier]) stream.on("error", () => stream.destroy());
      theirs.pipe(carrier).pipe(theirs);
      carrier.on("close", () => theirs.destroy());
      mine.on("close", () => carrier.destroy());
      open.add(mine);
      mine.on("close", () => open.delete(mine));
      return mine;
    },
  };
}

let lab: KubectlLab;
const protocols: string[] = [];

beforeAll(async () => {
  lab = await startKubectlLab({
    reach: (url) => ({ ...ENDPOINT, transport: carriedTo(Number(new URL(url).port)) }),
  });
  lab.gateway.server.prependListener("upgrade", ({ headers }) => protocols.push(headers.upgrade ?? ""));
});
beforeEach(() => {
  lab.gateway.recorder.clear();
  protocols.length = 0;
  dialled.length = 0;
});
afterAll(() => lab.close());

const stages = (resource: string) =>
  lab.gateway.recorder.entries
    .filter((entry) => entry.resource === resource)
    .map(({ verb, stage, exitCode }) => [verb, stage, exitCode]);

describe("through a transport that is no socket, kubectl", () => {
  test("lists, and the API server's own certificate is what counts", async () => {
    const listed = await lab.shell(kubectl, '"$KUBECTL" get pods -o name');
    const direct = await lab.shell(kubectl, '"$KUBECTL" --context=direct get pods -o name');
    expect(listed).toEqual(direct);
    expect(listed.out).toMatch(/^pod\//);
    expect(new Set(dialled)).toEqual(new Set(["api-server.invalid:6443"]));
  });

  test("watches", async () => {
    const watch = 'exec 3< <(exec "$KUBECTL" get configmaps -w -o name); pid=$!; grep -m 1 w1 <&3; kill $pid';
    const watching = lab.shell(kubectl, watch);
    await until(() => stages("configmaps").some(([verb]) => verb === "watch"), "the watch");
    await lab.shell(kubectl, '"$KUBECTL" create configmap w1');
    expect((await watching).out).toBe("configmap/w1\n");
    await until(() => stages("configmaps").some(([, stage]) => stage === "end"), "the watch's end");
    expect(stages("configmaps")).toContainEqual(["watch", "start", null]);
  });

  test.each([
    ["websocket", ""],
    ["SPDY/3.1", "KUBECTL_REMOTE_COMMAND_WEBSOCKETS=false"],
  ])("execs over %s", async (protocol, setting) => {
    const pod = await lab.aPod(kubectl);
    const line = `echo in | ${setting} "$KUBECTL" exec -i ${pod} -- sh -c "cat; echo err >&2; exit 3"`;
    expect(await lab.shell(kubectl, line)).toMatchObject({
      code: 3,
      out: "in\n",
      err: expect.stringContaining("err\n"),
    });
    expect(protocols).toEqual([protocol]);
    await until(() => stages("pods/exec").length === 2, "the session's end");
    expect(stages("pods/exec")).toEqual([
      ["create", "start", null],
      ["create", "end", 3],
    ]);
  });

  test.each([
    ["websocket", ""],
    ["SPDY/3.1", "KUBECTL_PORT_FORWARD_WEBSOCKETS=false"],
  ])("forwards a port over %s", async (protocol, setting) => {
    const pod = await lab.aPod(kubectl);
    const script = `
      exec 3< <(exec env ${setting} "$KUBECTL" port-forward ${pod} :7); pid=$!
      read -r -u 3 line; port=$(sed 's/.*127.0.0.1:\\([0-9]*\\).*/\\1/' <<< "$line")
      exec 4<> "/dev/tcp/127.0.0.1/$port"; echo ping >&4; grep -m 1 -o ping <&4; kill -INT $pid`;
    expect(await lab.shell(kubectl, script)).toMatchObject({ out: "ping\n" });
    expect(protocols.slice(0, 1)).toEqual([protocol]);
    await until(() => stages("pods/portforward").length === 2, "the session's end");
  });
});

describe("what goes wrong on the way is told in the same words for calls and upgrades", () => {
  const failing = (error: Error): Transport => ({ name: "failing", dial: () => Promise.reject(error) });
  const withCode = (code: string) => Object.assign(new Error("no agent is there"), { code });

  test.each([
    ["EHOSTUNREACH", withCode("EHOSTUNREACH"), "there is no way to its API server"],
    ["ECONNREFUSED", withCode("ECONNREFUSED"), "its API server refuses connections"],
    ["ETIMEDOUT", withCode("ETIMEDOUT"), "its API server does not answer"],
    ["what is for the caller", new AppError("unavailable", "No agent has joined."), "No agent has joined."],
  ])("%s", async (_code, error, told) => {
    const upstream = testUpstream({ ...ENDPOINT, ca: null, token: "t", transport: failing(error) });
    lab.gateway.addCluster("far", upstream);
    const { port } = lab.gateway;
    const answer = await send({ port, path: "far/api/v1/pods" });
    expect(answer.status).toBe(502);
    expect(answer.json().message).toContain(told);
    for (const head of [webSocketHead(), spdyHead()]) {
      const text = await exchange(port, head.replace("/clusters/prod/", "/clusters/far/"));
      expect(text).toMatch(/^HTTP\/1\.1 502 /);
      expect(text).toContain(told);
    }
    expect(lab.gateway.recorder.entries.map(({ httpStatus }) => httpStatus)).toEqual([502, 502, 502]);
  });

  test("a way that leads to somebody else ends at TLS, before anything is said", async () => {
    const { transport } = lab.gateway.clusters.get("prod")!.upstream;
    const { certificate: ca } = await createAuthority("the far cluster's own");
    lab.gateway.addCluster("far", testUpstream({ ...ENDPOINT, ca, token: "t", transport }));
    const { port } = lab.gateway;
    const answer = await send({ port, path: "far/api/v1/pods" });
    expect(answer.status).toBe(502);
    const head = webSocketHead().replace("/clusters/prod/", "/clusters/far/");
    for (const text of [answer.json().message, await exchange(port, head)])
      expect(text).toContain("its certificate is not signed by the registered authority");
    await until(() => lab.gateway.recorder.entries.length === 2, "the rows");
  });

  test("a way that breaks ends what goes by it, and the next call goes by another stream", async () => {
    const watching = lab.shell(kubectl, '"$KUBECTL" get pods -w -o name');
    await until(() => stages("pods").some(([, stage]) => stage === "start"), "the watch");
    for (const stream of open) stream.destroy();
    await until(() => stages("pods").some(([, stage]) => stage === "end"), "the watch's end");
    await watching;
    expect(await lab.shell(kubectl, '"$KUBECTL" get pods -o name')).toMatchObject({ code: 0, err: "" });
  });
});
