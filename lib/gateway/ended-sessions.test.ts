import type { Duplex } from "node:stream";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createTestInstallation, NO_DEMO, type TestInstallation } from "../../test/installation.ts";
import { createGrant } from "../access/grants/mutations.ts";
import { auditScope } from "../access/permission.ts";
import { listRoles } from "../access/roles/data.ts";
import { updateRole } from "../access/roles/mutations.ts";
import { registerCluster } from "../clusters/mutations.ts";
import { type Context, systemContext } from "../context.ts";
import { createPerson } from "../identity/people/mutations.ts";
import { issueToken } from "../identity/tokens/mutations.ts";
import { requestSessionEnd } from "../recordings/live/mutations.ts";
import { getRecording } from "../recordings/live/recording.ts";
import { listRunningSessions } from "../recordings/live/running-sessions.ts";
import { watchSession } from "../recordings/watch/watch-session.ts";
import { encodeFrame, WEBSOCKET_OPCODE } from "../wire/websocket-frames.ts";
import { type ApiServer, startApiServer } from "./testing/api-server.ts";
import { testCertificates } from "./testing/certificates.ts";
import { type HouseGateway, startHouseGateway } from "./testing/house-gateway.ts";
import { connectRaw, type RawConnection } from "./testing/raw-client.ts";
import { send } from "./testing/request.ts";
import { EXEC, webSocketHead } from "./testing/upgrade-heads.ts";
import { acceptWebSocket } from "./testing/upstream-session.ts";

// Sessions of a gateway on the house's own services, watched and ended as the console does it.

const system = systemContext("test");
const LONG = { timeout: 15_000 };
let installation: TestInstallation;
let api: ApiServer;
let gateway: HouseGateway;
let auditor: Context;
let token: string;

beforeAll(async () => {
  installation = await createTestInstallation({ ...NO_DEMO, KUBEWITNESS_CLUSTERS_ALLOW_LOOPBACK: "true" });
  [api, gateway] = await Promise.all([startApiServer(), startHouseGateway(installation)]);
  const { ca } = await testCertificates();
  await registerCluster({
    ctx: system,
    input: {
      name: "prod",
      endpoint: api.upstream.endpoint.origin,
      certificateAuthority: ca,
      credential: { kind: "token", token: "credential" },
    },
  });
  const ann = await createPerson({
    ctx: system,
    input: { name: "Ann", email: "ann@example.com", groups: [] },
  });
  const grant = {
    role: "developer",
    subjectKind: "user",
    subject: "ann@example.com",
    cluster: "prod",
  } as const;
  await createGrant({ ctx: system, input: grant });
  ({ token } = await issueToken({ ctx: system, input: { name: "test", userId: ann.id } }));
  const path = "prod/api/v1/namespaces/shop/pods";
  await vi.waitUntil(async () => (await send({ port: gateway.port, path, token })).status === 200, LONG);
  const person = { id: "00000000-0000-4000-8000-00000000000a", name: "Bob", email: "bob@example.com" };
  auditor = {
    ...system,
    actor: { kind: "user", ...person, consoleRole: "auditor", groups: [], groupIds: [] },
  };
});
afterAll(async () => {
  await gateway.close();
  await api.close();
  await installation.close();
});

const shown = (text: string) =>
  encodeFrame({ opcode: WEBSOCKET_OPCODE.binary, payload: Buffer.from(`\u0001${text}`) });
const running = async () =>
  (await listRunningSessions({ ctx: auditor, scope: auditScope(auditor) })).sessions;
const rowsOf = async (recordingId: string) =>
  (
    await installation.pool.query<{ stage: string; message: string }>(
      "select stage::text, message from kube_request where recording_id = $1 order by executed_at, no",
      [recordingId],
    )
  ).rows;

/** Ann's shell in a pod. */
async function openShell(): Promise<{ client: RawConnection; server: Duplex }> {
  const opened = Promise.withResolvers<Duplex>();
  api.onUpgrade = (request, socket) => {
    socket.on("error", () => socket.destroy());
    socket.resume();
    acceptWebSocket(request, socket);
    opened.resolve(socket);
  };
  const client = await connectRaw(gateway.port);
  const path = `${EXEC}?command=sh&stdin=true&stdout=true&tty=true&container=web`;
  client.write(webSocketHead({ path, token }));
  await client.receive(/^HTTP\/1\.1 101 /);
  return { client, server: await opened.promise };
}

test("a session is listed, watched and ended with a reason, which its person reads and the record keeps", async () => {
  const { client, server } = await openShell();
  server.write(shown("$ "));
  await expect
    .poll(running, LONG)
    .toMatchObject([{ name: "Ann", pod: "web-1", role: "developer", tty: true }]);
  const [{ recordingId: id } = { recordingId: "" }] = await running();
  let watched = "";
  const watching = (await watchSession({ ctx: auditor, input: { id } }))(new AbortController().signal);
  const watchEnded = (async () => {
    for await (const bytes of watching) watched += new TextDecoder().decode(bytes);
  })();
  await expect.poll(() => watched, LONG).toContain('"$ "');

  await requestSessionEnd({ ctx: auditor, input: { id, reason: "on the wrong cluster" } });
  await client.closed();
  const why = "terminated by bob@example.com: on the wrong cluster";
  expect(client.received()).toContain(`Kubewitness ended this session: ${why}\r\n`);
  await watchEnded;
  expect(watched).toContain(`Kubewitness ended this session: ${why}`);
  expect(watched).toContain('event: end\ndata: {"reason":"over","problem":null}');
  await expect.poll(running, LONG).toEqual([]);
  const detail = await getRecording({ ctx: auditor, scope: auditScope(auditor), input: { id } });
  expect(detail.entry).toMatchObject({
    ending: "terminated",
    result: "failure",
    message: `Session ended: ${why}`,
  });
  await expect
    .poll(async () => (await rowsOf(id)).map(({ message }) => message), LONG)
    .toEqual(["Session started: sh", `Session ended: ${why}`]);
  await expect(requestSessionEnd({ ctx: auditor, input: { id, reason: "again" } })).rejects.toMatchObject({
    code: "conflict",
  });
});

test("another policy of the role is for sessions to come: one that runs goes on as it began", async () => {
  const { client, server } = await openShell();
  server.write(shown("before "));
  await expect.poll(running, LONG).toHaveLength(1);
  const role = (await listRoles({ ctx: system })).find(({ name }) => name === "developer");
  await updateRole({ ctx: system, input: { id: role!.id, record: "off" } });
  // A shell without a recording shows that the change has arrived.
  await expect
    .poll(async () => {
      const later = await openShell();
      const count = (await running()).length;
      later.client.socket.destroy();
      return count;
    }, LONG)
    .toBe(1);
  server.write(shown("after"));
  await client.receive(/after$/);
  const [{ recordingId: id } = { recordingId: "" }] = await running();
  server.write(
    encodeFrame({
      opcode: WEBSOCKET_OPCODE.binary,
      payload: Buffer.from(`\u0003${JSON.stringify({ status: "Success" })}`),
    }),
  );
  server.end();
  await client.closed();
  await expect.poll(running, LONG).toEqual([]);
  const { entry } = await getRecording({ ctx: auditor, scope: auditScope(auditor), input: { id } });
  expect(entry).toMatchObject({ ending: "completed", outputBytes: "before after".length });
});
