import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type ApiServer, startApiServer } from "../../lib/gateway/testing/api-server.ts";
import { exchange } from "../../lib/gateway/testing/raw-client.ts";
import { send } from "../../lib/gateway/testing/request.ts";
import { startTestGateway, type TestGateway } from "../../lib/gateway/testing/test-gateway.ts";
import { webSocketHead } from "../../lib/gateway/testing/upgrade-heads.ts";
import { sessionCookieName } from "../../lib/identity/sessions/token.ts";

// The console and the proxy share a port. A browser sends the console's cookie wherever a page of another site makes it call.

let api: ApiServer;
let gateway: TestGateway;

beforeAll(async () => {
  [api, gateway] = await Promise.all([startApiServer(), startTestGateway()]);
  gateway.addCluster("prod", api.upstream);
});
beforeEach(() => {
  api.seen.length = 0;
  gateway.recorder.clear();
});
afterAll(async () => {
  await gateway.close();
  await api.close();
});

const cookie = ["http://localhost:3000", "https://audit.example.com"]
  .map((publicUrl) => `${sessionCookieName(publicUrl)}=a-session`)
  .join("; ");
const refused = [{ httpStatus: 401, result: "failure" }];

test("a WebSocket of another site's page opens nothing with the console's cookie", async () => {
  const lines = [`Cookie: ${cookie}`, "Origin: https://evil.example"];
  expect(await exchange(gateway.port, webSocketHead({ token: null, lines }))).toMatch(/^HTTP\/1\.1 401 /);
  expect(gateway.recorder.entries).toMatchObject(refused);
  expect(api.seen).toEqual([]);
});

test("nor does a WebSocket of the console's own page: sessions take a token", async () => {
  const lines = [`Cookie: ${cookie}`, "Origin: http://localhost:3000", "Sec-Fetch-Site: same-origin"];
  expect(await exchange(gateway.port, webSocketHead({ token: null, lines }))).toMatch(/^HTTP\/1\.1 401 /);
  expect(gateway.recorder.entries).toMatchObject(refused);
  expect(api.seen).toEqual([]);
});

test("nor does a form of another site's page", async () => {
  const path = "prod/api/v1/namespaces/shop/pods";
  const headers = { Cookie: cookie, Origin: "https://evil.example", "Content-Type": "text/plain" };
  const answer = await send({ port: gateway.port, path, method: "POST", token: null, headers, body: "{}" });
  expect(answer.status).toBe(401);
  expect(gateway.recorder.entries).toMatchObject(refused);
  expect(api.seen).toEqual([]);
});
