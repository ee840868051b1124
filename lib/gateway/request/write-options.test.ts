import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { eventOfEntry } from "../../audit/writer/entry-event.ts";
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

const PODS = "/api/v1/namespaces/shop/pods";

/** What is on the record of a call, and whether Event History says that something was changed. */
async function recorded(method: string, path: string, body?: object) {
  const sent = body === undefined ? "" : JSON.stringify(body);
  const headers = { "Content-Type": "application/json", "Content-Length": String(Buffer.byteLength(sent)) };
  await send({ port: gateway.port, path: `prod${path}`, method, headers, body: sent });
  const entry = gateway.recorder.entries.at(-1)!;
  return { message: entry.message, isEvent: eventOfEntry(entry) !== null };
}

const DRY_RUN = { message: "Dry run: nothing was changed.", isEvent: false };
const options = { kind: "DeleteOptions", apiVersion: "v1", dryRun: ["All"] };

describe("a dry run says so, and is no change in Event History", () => {
  test.each<[string, string, string, object | undefined]>([
    ["of a create", "POST", `${PODS}?dryRun=All&fieldManager=x`, { kind: "Pod" }],
    ["of a patch", "PATCH", `${PODS}/web-1?dryRun=All`, { kind: "Pod" }],
    [
      "of kubectl's delete, whose body has no kind",
      "DELETE",
      `${PODS}/web-1`,
      { propagationPolicy: "Background", dryRun: ["All"] },
    ],
    [
      "of an eviction without its kind",
      "POST",
      `${PODS}/web-1/eviction`,
      { deleteOptions: { dryRun: ["All"] } },
    ],
    ["of a delete, in the query", "DELETE", `${PODS}/web-1?dryRun=All`, undefined],
    ["of a delete, in the body", "DELETE", `${PODS}/web-1`, options],
    ["of an eviction", "POST", `${PODS}/web-1/eviction`, { kind: "Eviction", deleteOptions: options }],
  ])("%s", async (_what, method, path, body) => {
    expect(await recorded(method, path, body)).toEqual(DRY_RUN);
  });

  test.each<[string, string, string, object | undefined]>([
    ["a create", "POST", `${PODS}?fieldManager=x`, { kind: "Pod" }],
    ["a delete", "DELETE", `${PODS}/web-1`, { ...options, dryRun: [] }],
    ["an object with a field of that name", "POST", PODS, { kind: "Pod", dryRun: ["All"] }],
    ["an empty parameter", "DELETE", `${PODS}/web-1?dryRun=`, undefined],
    ["a delete with a body, which alone counts", "DELETE", `${PODS}/web-1?dryRun=All`, {}],
    ["a body of another kind", "PATCH", `${PODS}/web-1`, options],
    ["what a proxied program is asked", "POST", "/api/v1/namespaces/shop/services/a/proxy/x?dryRun=All", {}],
  ])("%s is none", async (_what, method, path, body) => {
    expect(await recorded(method, path, body)).toEqual({ message: null, isEvent: true });
  });
});

test("a session knows no dry run, and is in Event History", async () => {
  const session = await recorded("POST", `${PODS}/web-1/exec?command=ls&dryRun=All`);
  expect(session).toEqual({ message: "Upgrade request required", isEvent: true });
});

test("options in YAML are read, too", async () => {
  const body = "kind: DeleteOptions\napiVersion: v1\ndryRun:\n  - All\n";
  const headers = { "Content-Type": "application/yaml", "Content-Length": String(body.length) };
  await send({ port: gateway.port, path: `prod${PODS}/web-1`, method: "DELETE", headers, body });
  expect(gateway.recorder.entries).toMatchObject([{ message: DRY_RUN.message, dryRun: true }]);
});

test("a read with the parameter is an ordinary read", async () => {
  expect(await recorded("GET", `${PODS}?dryRun=All`)).toEqual({ message: null, isEvent: false });
});

describe("a deletion of many says which it was for", () => {
  test.each([
    ["?labelSelector=app%3Dcart", "Selected by labelSelector app=cart."],
    [
      "?labelSelector=app%3Dcart&fieldSelector=status.phase%3DFailed",
      "Selected by labelSelector app=cart, fieldSelector status.phase=Failed.",
    ],
    ["", "No selector: all of them."],
  ])("%s", async (query, message) => {
    expect(await recorded("DELETE", PODS + query)).toEqual({ message, isEvent: true });
  });

  test("also as a dry run", async () => {
    expect(await recorded("DELETE", `${PODS}?dryRun=All&labelSelector=app`)).toEqual({
      message: "Dry run: nothing was changed. Selected by labelSelector app.",
      isEvent: false,
    });
  });
});
