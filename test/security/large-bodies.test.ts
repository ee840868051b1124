import { globSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { systemContext } from "../../lib/context.ts";
import { issueApplicationToken } from "../../lib/identity/application-tokens/mutations.ts";
import { createApplication } from "../../lib/identity/applications/mutations.ts";
import { createTestInstallation, type TestInstallation } from "../installation.ts";

// The server measures bodies before a route sees them (server/receive-body.test.ts, e2e/large-bodies.spec.ts). Nor does a route
// rely on that: none reads a body to its end that is longer than it takes.

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"];
const CHUNK = new Uint8Array(64 * 1024).fill(0x20);
const ATTACK_BYTES = 600_000_000;
const app = new URL("../../app/", import.meta.url);
const routes = globSync("**/route.ts", { cwd: app });

let installation: TestInstallation;
let token: string;

beforeAll(async () => {
  installation = await createTestInstallation();
  const ctx = systemContext("test");
  const input = { name: "manager", consoleRole: "administrator" as const };
  const { id, secret } = await createApplication({ ctx, input });
  const grant = { grantType: "client_credentials" as const, clientId: id, clientSecret: secret };
  token = (await issueApplicationToken({ ctx, input: grant })).accessToken;
});
afterAll(() => installation.close());

/** A body of 600 MB that counts what was taken of it. */
function largeBody() {
  const taken = { bytes: 0 };
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (taken.bytes >= ATTACK_BYTES) return controller.close();
      taken.bytes += CHUNK.length;
      controller.enqueue(CHUNK);
    },
  });
  return { taken, body };
}

type RouteHandler = (request: Request, route: { params: Promise<unknown> }) => Promise<Response>;

test("the routes are all looked at", () => {
  expect(routes.length).toBeGreaterThan(40);
});

test.each(routes)("%s takes little of a large body", async (route) => {
  const handlers = (await import(new URL(route, app).href)) as Record<string, RouteHandler>;
  const path = route.replace(/\/route\.ts$/, "").replace("[...nextauth]", "session");
  for (const method of METHODS.filter((name) => name in handlers)) {
    for (const headers of [{}, { authorization: `Bearer ${token}` }]) {
      // A Request of GET takes no body at all (Fetch Standard).
      if (method === "GET") continue;
      const { taken, body } = largeBody();
      const init = { method, headers, body, duplex: "half" } as RequestInit;
      const params = Promise.resolve({ id: crypto.randomUUID(), no: "1" });
      const response = await handlers[method]!(new Request(`http://localhost:3000/${path}`, init), {
        params,
      });
      expect(response.status, `${method} ${path}`).toBeLessThan(500);
      expect(taken.bytes, `${method} ${path}`).toBeLessThan(1_000_000);
    }
  }
});
