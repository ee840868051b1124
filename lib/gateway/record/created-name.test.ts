import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { readCapture } from "../../wire/fixtures/read-capture.ts";
import { type ApiServer, startApiServer } from "../testing/api-server.ts";
import { send } from "../testing/request.ts";
import { startTestGateway, type TestGateway } from "../testing/test-gateway.ts";

let api: ApiServer;
let gateway: TestGateway;

beforeAll(async () => {
  [api, gateway] = await Promise.all([startApiServer(), startTestGateway()]);
  gateway.addCluster("prod", api.upstream);
});
beforeEach(() => gateway.recorder.clear());
afterAll(async () => {
  await gateway.close();
  await api.close();
});

const CONFIG_MAPS = "/api/v1/namespaces/shop/configmaps";
const PROTOBUF = "application/vnd.kubernetes.protobuf";
const captured = readCapture("create-configmap-protobuf-kubectl1.32");
const object = (metadata: object, data?: unknown) =>
  JSON.stringify({ kind: "ConfigMap", metadata, ...(data === undefined ? {} : { data }) });

interface Created {
  path?: string;
  body: string | Buffer;
  contentType?: string;
  status?: number;
  answer?: string | Buffer;
  answerHeaders?: Record<string, string>;
}

/** Posts, and tells the Resource Name that is on the record. */
async function recordedName(created: Created): Promise<string | null | undefined> {
  const { path = CONFIG_MAPS, body, contentType = "application/json", status = 201 } = created;
  const answer = created.answer ?? '{"kind":"ConfigMap","metadata":{"name":"as-answered"}}';
  api.onRequest = (request, response) => {
    request.resume();
    request.on("end", () => {
      response.writeHead(status, { "Content-Type": "application/json", ...created.answerHeaders });
      response.end(answer);
    });
  };
  const received = await send({
    port: gateway.port,
    path: `prod${path}`,
    method: "POST",
    body,
    headers: { "Content-Type": contentType },
  });
  expect(received.status).toBe(status);
  expect(received.body.equals(Buffer.from(answer))).toBe(true);
  return gateway.recorder.entries[0]?.resourceName;
}

test("what a body names is what was made, in JSON and in protobuf", async () => {
  expect(await recordedName({ body: object({ name: "cart" }) })).toBe("cart");
  gateway.recorder.clear();
  expect(await recordedName({ body: captured.client, contentType: PROTOBUF })).toBe("zz");
});

test("a create that fails names what it would have made", async () => {
  const answer = '{"kind":"Status","message":"exists","details":{"name":"other"}}';
  expect(await recordedName({ body: object({ name: "cart" }), status: 409, answer })).toBe("cart");
});

test.each<[string, Created["answer"], Created["answerHeaders"]]>([
  ["JSON", object({ name: "cart-x7k2p" }), {}],
  ["gzip", gzipSync(object({ name: "cart-x7k2p" })), { "Content-Encoding": "gzip" }],
])("a generated name is the answer's, %s", async (_what, answer, answerHeaders) => {
  const body = object({ generateName: "cart-" });
  expect(await recordedName({ body, answer, answerHeaders })).toBe("cart-x7k2p");
});

test("a generated name is the answer's, protobuf", async () => {
  const body = object({ generateName: "z" });
  const answerHeaders = { "Content-Type": PROTOBUF };
  expect(await recordedName({ body, answer: captured.server, answerHeaders })).toBe("zz");
});

const large = { a: "x".repeat(300_000) };

test("an answer that is too large to hold passes whole; its name is in its first bytes", async () => {
  const answer = object({ name: "cart-x7k2p" }, large);
  expect(await recordedName({ body: object({ generateName: "cart-" }), answer })).toBe("cart-x7k2p");
  gateway.recorder.clear();
  const [packed, answerHeaders] = [gzipSync(answer), { "Content-Encoding": "gzip" }];
  const body = object({ generateName: "cart-" });
  expect(await recordedName({ body, answer: packed, answerHeaders })).toBe("cart-x7k2p");
});

test("what is too large to be searched, its name at the end, is named by the answer", async () => {
  const body = JSON.stringify({
    apiVersion: "v1",
    data: large,
    kind: "ConfigMap",
    metadata: { name: "big" },
  });
  const answer = object({ name: "big" }, large);
  expect(await recordedName({ body, answer })).toBe("big");
  gateway.recorder.clear();
  const refused = {
    kind: "Status",
    metadata: {},
    status: "Failure",
    message: "exists",
    details: { name: "big" },
  };
  expect(await recordedName({ body, status: 409, answer: JSON.stringify(refused) })).toBe("big");
});

test("an answer without a name in its first bytes names nothing", async () => {
  const answer = JSON.stringify({ data: large, metadata: { name: "late" } });
  expect(await recordedName({ body: object({ generateName: "cart-" }), answer })).toBeNull();
});

test("a subresource has the name of its path", async () => {
  const path = "/api/v1/namespaces/shop/pods/web-1/eviction";
  expect(await recordedName({ path, body: object({ name: "other" }) })).toBe("web-1");
  gateway.recorder.clear();
  const token = "/api/v1/namespaces/shop/serviceaccounts/bot/token";
  expect(await recordedName({ path: token, body: object({ name: "other" }) })).toBe("bot");
});
