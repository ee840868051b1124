import type { ClientHttp2Stream, IncomingHttpHeaders } from "node:http2";
import type { Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { createAuthority } from "../../lib/pki/issue-certificate.ts";
import { HUBS_PATH } from "../../lib/tunnels/protocol/api-server-stream.ts";
import { freePort } from "../../test/free-ports.ts";
import { Lab } from "../testing/lab.ts";
import type { HubConnection, TestHub } from "../testing/test-hub.ts";
import { until } from "../testing/until.ts";

const lab = new Lab();
afterEach(() => lab.close());

const chunk = (stream: ClientHttp2Stream): Promise<string> =>
  new Promise((resolve) => stream.once("data", (data) => resolve(String(data))));
const closed = (stream: ClientHttp2Stream): Promise<number> =>
  new Promise((resolve) => stream.once("close", () => resolve(stream.rstCode)));
const connected = (hub: TestHub): Promise<HubConnection> => until(() => hub.connections[0], "a connection");

test.each(["raw", "websocket"] as const)(
  "carries bytes both ways, and the end of each, by %s",
  async (carrier) => {
    const hub = await lab.hub({ raw: carrier === "raw" });
    // Answers only when the other side has ended: a direction ends by itself.
    const port = await lab.server((socket) => {
      let text = "";
      socket.on("data", (data) => {
        text += data;
      });
      socket.on("end", () => socket.end(`got ${text}`));
    });
    lab.agent({ ...lab.environment(hub, port), KUBEWITNESS_AGENT_TAGS: "eu, blue" });
    const connection = await connected(hub);
    expect(connection.carrier).toBe(carrier);
    expect(connection.introduction).toMatchObject({
      tags: ["eu", "blue"],
      credential: "gateway",
      connected: [],
    });
    const stream = await hub.connect();
    stream.end("hello");
    let text = "";
    for await (const data of stream) text += data;
    expect(text).toBe("got hello");
  },
);

test("the end of a connection is the end of the stream, and the other way round", async () => {
  const hub = await lab.hub();
  const sockets: Socket[] = [];
  lab.agent(lab.environment(hub, await lab.server((socket) => sockets.push(socket))));
  await connected(hub);
  const first = await hub.connect();
  const end = closed(first);
  await until(() => sockets[0], "a connection to the API server");
  sockets[0]!.resetAndDestroy();
  expect(await end).not.toBe(0);

  const second = await hub.connect();
  await until(() => sockets[1], "another one");
  const gone = new Promise((resolve) => sockets[1]!.once("end", resolve));
  sockets[1]!.resume();
  second.destroy();
  await gone;
});

test.each([
  ["127.0.0.1:22", "403", "authority"],
  ["169.254.169.254:80", "403", "authority"],
  ["kube-apiserver:80", "421", "mode"],
])("opens nothing but its API server: CONNECT %s is refused", async (authority, status, problem) => {
  const hub = await lab.hub();
  lab.agent(lab.environment(hub, await lab.server()));
  await connected(hub);
  const refusal = await hub.connect(authority).catch(({ headers }) => headers as IncomingHttpHeaders);
  expect(refusal).toMatchObject({ ":status": Number(status), "kubewitness-problem": problem });
});

test("other requests than CONNECT get nothing", async () => {
  const hub = await lab.hub();
  lab.agent(lab.environment(hub, await lab.server()));
  const { session } = await connected(hub);
  const stream = session.request({ ":path": "/identity.json" });
  expect(
    await new Promise((resolve) => stream.once("response", (headers) => resolve(headers[":status"]))),
  ).toBe(404);
});

test("says why its API server cannot be reached", async () => {
  const hub = await lab.hub();
  const port = await freePort();
  const agent = lab.agent(lab.environment(hub, port));
  await connected(hub);
  const refusal = await hub.connect().catch(({ headers }) => headers as IncomingHttpHeaders);
  expect(refusal).toMatchObject({
    ...{ ":status": 502, "kubewitness-problem": "unreachable", "kubewitness-code": "ECONNREFUSED" },
    "kubewitness-message": `connect ECONNREFUSED 127.0.0.1:${port}`,
  });
  expect(agent.lines.join("")).toContain("the API server cannot be reached");
});

test("comes back after its connection was cut", async () => {
  const hub = await lab.hub();
  lab.agent(lab.environment(hub, await lab.server()));
  const { socket } = await connected(hub);
  socket.destroy();
  await until(() => hub.connections.length === 0, "the end");
  await until(() => hub.connections.length === 1, "another connection");
  const stream = await hub.connect();
  stream.write("again");
  expect(await chunk(stream)).toBe("again");
  stream.destroy();
});

test("holds one connection to each replica, behind one address", async () => {
  const authority = await createAuthority("Kubewitness authority of a test");
  const names = ["hub-1"];
  const replicas: TestHub[] = [];
  for (const hub of ["hub-1", "hub-2"]) {
    replicas.push(await lab.hub({ hub, authority, hubs: () => names, tokens: replicas[0]?.tokens }));
  }
  // A load balancer that gives each connection to the next replica.
  let turn = 0;
  const port = await lab.server((client) => {
    const replica = replicas[Math.floor(turn++ / 3) % 2]!;
    client.pipe(lab.dial(replica.port)).pipe(client);
  });
  const environment = lab.environment(replicas[0]!, await lab.server());
  lab.agent({ ...environment, KUBEWITNESS_URL: `https://localhost:${port}` });
  const [first, second] = replicas as [TestHub, TestHub];
  const { session } = await connected(first);

  // The other one starts, and the agent is told.
  names.push("hub-2");
  const telling = session.request({ ":method": "PUT", ":path": HUBS_PATH });
  telling.end(JSON.stringify({ hubs: names }));
  expect(
    await new Promise((resolve) => telling.once("response", (answer) => resolve(answer[":status"]))),
  ).toBe(204);
  const { introduction } = await connected(second);
  expect(introduction.connected).toEqual(["hub-1"]);
  expect(first.connections).toHaveLength(1);
});

test("drains: what is under way ends by itself, and nothing new begins", async () => {
  const hub = await lab.hub();
  const agent = lab.agent(lab.environment(hub, await lab.server()));
  await connected(hub);
  const stream = await hub.connect();
  const { session } = hub.connections[0]!;
  const said = new Promise((resolve) => session.once("goaway", (code) => resolve(code)));
  let ended = false;
  const stopping = agent.stop().then(() => {
    ended = true;
  });
  expect(await said).toBe(0);
  stream.write("still here");
  expect(await chunk(stream)).toBe("still here");
  expect(ended).toBe(false);
  stream.end();
  stream.resume();
  expect(await closed(stream)).toBe(0);
  await stopping;
});

test("drains for so long only: then calls are cut", async () => {
  const hub = await lab.hub();
  const agent = lab.agent({
    ...lab.environment(hub, await lab.server()),
    KUBEWITNESS_AGENT_DRAIN_SECONDS: "0",
  });
  await connected(hub);
  const end = closed(await hub.connect());
  await agent.stop();
  await end;
});
