import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { passThrough } from "../../agent/api-server/pass-through.ts";
import { withCredential } from "../../agent/api-server/with-credential.ts";
import { Counters } from "../../agent/health/counters.ts";
import { createLog } from "../../agent/log.ts";
import { ConnectAnswerer } from "../../agent/tunnel/answer-connect.ts";
import { type ApiServer, startApiServer } from "../gateway/testing/api-server.ts";
import { testCertificates } from "../gateway/testing/certificates.ts";
import { until } from "../gateway/testing/memory-recorder.ts";
import { testUpstream } from "../gateway/testing/test-upstream.ts";
import { type HubLab, startHubLab } from "../tunnels/hub/testing/hub-lab.ts";
import { connectAgent, type ScriptedAgent } from "../tunnels/hub/testing/scripted-agent.ts";
import type { CredentialMode } from "../tunnels/protocol/api-server-stream.ts";
import { readAnswerText } from "./answer-text.ts";
import { askApiServer } from "./calls/ask-api-server.ts";
import { tunnelTransport } from "./transports/tunnel.ts";
import type { Upstream } from "./upstream.ts";

// What an agent's own program opens for a connection of the gateway's is gone when the API server has closed it.

const SOON = { timeout: 20_000, interval: 20 };

let hub: HubLab;
let api: ApiServer;
let agent: ScriptedAgent;
let upstream: Upstream;
let counters: Counters;

beforeAll(async () => {
  [hub, api] = await Promise.all([startHubLab(), startApiServer()]);
  api.onRequest = (_request, response) => response.writeHead(200, { Connection: "close" }).end("{}");
});
afterEach(async () => {
  await upstream.calls.destroy();
  agent.close();
  await until(() => hub.hub.sessions.size === 0, "the agent's end");
});
afterAll(() => Promise.all([hub.close(), api.close()]));

async function connect(mode: CredentialMode): Promise<void> {
  const { ca } = await testCertificates();
  const { port } = api.upstream.endpoint;
  const address = { host: "localhost", port: Number(port) };
  const opener =
    mode === "gateway"
      ? passThrough(address)
      : withCredential({ ...address, certificateAuthority: ca, token: async () => "agents-own" });
  counters = new Counters();
  const answerer = new ConnectAnswerer({ mode, opener, counters, log: createLog(() => undefined) });
  const identity = await hub.join();
  agent = await connectAgent({
    ...{ port: hub.port, ca: hub.ca, identity, introduction: { credential: mode } },
    onStream: (stream, headers) => answerer.answer(stream, headers),
  });
  await until(() => hub.hub.sessions.size === 1, "the agent's connection");
  const cluster = { id: identity.clusterId, name: randomUUID(), agentTag: null, tunnelCredential: mode };
  upstream = testUpstream({
    ...{ url: "https://api-server.invalid:6443", ca, tlsServerName: "localhost", token: null },
    transport: tunnelTransport(cluster),
  });
}

/** Streams that the hub has open, and that the agent has. */
const open = () => [hub.opened.at(-1)!.streams, counters.open];

test.each(["gateway", "agent"] as const)(
  "credential mode %s: a connection of one's own that the API server closes is closed whole",
  async (mode) => {
    await connect(mode);
    const connection = await upstream.connect();
    expect(open()).toEqual([1, 1]);
    const closed = new Promise((resolve) => connection.once("close", resolve));
    let text = "";
    connection.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
    });
    connection.write("GET /version HTTP/1.1\r\nHost: api-server\r\n\r\n");
    await closed;
    expect(text).toMatch(/^HTTP\/1\.1 200 OK/);
    await expect.poll(open, SOON).toEqual([0, 0]);
  },
);

test.each(["gateway", "agent"] as const)(
  "credential mode %s: a call whose answer closes its connection leaves none",
  async (mode) => {
    await connect(mode);
    const answer = await askApiServer(upstream, {
      ...{ method: "GET", path: "/version", headers: [], signal: AbortSignal.timeout(30_000) },
    });
    expect([answer.statusCode, await readAnswerText(answer.body, 100)]).toEqual([200, "{}"]);
    await expect.poll(open, SOON).toEqual([0, 0]);
  },
);
