import { randomBytes } from "node:crypto";
import * as simulate from "../../app/api/v1/access/simulate/route.ts";
import * as answerRequest from "../../app/api/v1/access-requests/[id]/approve/route.ts";
import * as refuseRequest from "../../app/api/v1/access-requests/[id]/refuse/route.ts";
import * as oneRequest from "../../app/api/v1/access-requests/[id]/route.ts";
import * as requests from "../../app/api/v1/access-requests/route.ts";
import * as events from "../../app/api/v1/event-history/route.ts";
import * as gateway from "../../app/api/v1/gateway/route.ts";
import * as me from "../../app/api/v1/me/route.ts";
import * as authorize from "../../app/api/v1/oauth/authorize/route.ts";
import * as answerDevice from "../../app/api/v1/oauth/device/answer/route.ts";
import * as device from "../../app/api/v1/oauth/device/route.ts";
import * as manifest from "../../app/api/v1/request-audit/export/[id]/manifest/route.ts";
import * as exporting from "../../app/api/v1/request-audit/export/route.ts";
import * as live from "../../app/api/v1/request-audit/live/route.ts";
import * as calls from "../../app/api/v1/request-audit/route.ts";
import * as metadata from "../../app/api/v1/token/metadata/route.ts";
import * as revoke from "../../app/api/v1/token/revoke/route.ts";
import * as token from "../../app/api/v1/token/route.ts";
import * as tokens from "../../app/api/v1/tokens/route.ts";
import { createGrant } from "../../lib/access/grants/mutations.ts";
import { updateBuiltInRoles } from "../../lib/access/roles/mutations.ts";
import { registerCluster } from "../../lib/clusters/mutations.ts";
import { installConfig } from "../../lib/config.ts";
import { systemContext } from "../../lib/context.ts";
import { stopFailedAuthentication } from "../../lib/identity/failed-authentication/record.ts";
import { createPerson } from "../../lib/identity/people/mutations.ts";
import { createSession } from "../../lib/identity/sessions/mutations.ts";
import { sessionCookieName } from "../../lib/identity/sessions/token.ts";
import { createTestInstallation, NO_DEMO, type TestInstallation } from "../../test/installation.ts";
import { type RouteServer, type Routes, serveRoutes } from "../../test/route-server.ts";
import type { RunningCli } from "./run-cli.ts";

const ROUTES: Routes = {
  "GET /.well-known/oauth-authorization-server": metadata.GET,
  "POST /api/v1/token": token.POST,
  "POST /api/v1/token/revoke": (request) => revoke.POST(request),
  "POST /api/v1/oauth/device": (request) => device.POST(request),
  "POST /api/v1/oauth/device/answer": answerDevice.POST,
  "POST /api/v1/oauth/authorize": authorize.POST,
  "GET /api/v1/me": me.GET,
  "GET /api/v1/gateway": gateway.GET,
  "POST /api/v1/tokens": tokens.POST,
  "POST /api/v1/access/simulate": simulate.POST,
  "GET /api/v1/access-requests": requests.GET,
  "POST /api/v1/access-requests": requests.POST,
  "GET /api/v1/access-requests/[id]": oneRequest.GET,
  "POST /api/v1/access-requests/[id]/approve": answerRequest.POST,
  "POST /api/v1/access-requests/[id]/refuse": refuseRequest.POST,
  "GET /api/v1/event-history": events.GET,
  "GET /api/v1/request-audit": calls.GET,
  "GET /api/v1/request-audit/live": live.GET,
  "GET /api/v1/request-audit/export": exporting.GET,
  "GET /api/v1/request-audit/export/[id]/manifest": manifest.GET,
};

/** Somebody at a browser who is signed in to the console. */
export interface Person {
  id: string;
  email: string;
  /** Approves what a login has printed: by the page's own request, and with the address that it leads to opened. */
  approveLogin(running: RunningCli, answer?: "approve" | "refuse"): Promise<string>;
  /** Approves a login by the code that it has printed. */
  approveDevice(running: RunningCli): Promise<void>;
}

/** An installation whose API is served on a port, with the clusters `prod` and `staging`, which anybody in `developers` may work on. */
export interface TestConsole extends TestInstallation {
  server: RouteServer;
  /** Those who serve it may be exchanged: to count, to break. */
  routes: Routes;
  createPerson(name: string, groups?: string[]): Promise<Person>;
}

const ctx = systemContext("test");

export async function createTestConsole(): Promise<TestConsole> {
  const installation = await createTestInstallation({ ...NO_DEMO, OIDC_ADMINISTRATOR_GROUPS: "admins" });
  const routes = { ...ROUTES };
  const server = await serveRoutes(routes);
  installConfig({ ...installation.config, publicUrl: server.url });
  await updateBuiltInRoles({ ctx });
  for (const name of ["prod", "staging"]) await register(name);
  for (const cluster of ["prod", "staging"]) {
    const to = { subjectKind: "group", subject: "developers" } as const;
    await createGrant({ ctx, input: { ...to, role: "developer", cluster, namespaces: ["payments"] } });
  }
  return {
    ...installation,
    server,
    routes,
    createPerson: (name, groups = ["developers"]) => newPerson(server, name, groups),
    close: async () => {
      await server.close();
      await stopFailedAuthentication();
      await installation.close();
    },
  };
}

const register = (name: string) =>
  registerCluster({
    ctx,
    input: {
      name,
      endpoint: "https://203.0.113.10:6443",
      certificateAuthority: null,
      credential: { kind: "token", token: "of-the-cluster" },
    },
  });

async function newPerson(server: RouteServer, name: string, groups: string[]): Promise<Person> {
  const email = `${name}@acme.example`;
  const { id } = await createPerson({ ctx, input: { email, name, groups } });
  const sessionToken = randomBytes(32).toString("base64url");
  const expires = new Date(Date.now() + 3_600_000);
  await createSession({ ctx, input: { userId: id, provider: "oidc", sessionToken, expires } });
  const cookie = `${sessionCookieName(server.url)}=${sessionToken}`;
  const post = async (path: string, body: unknown) => {
    const headers = { cookie, origin: server.url, "sec-fetch-site": "same-origin" };
    const response = await fetch(server.url + path, { method: "POST", headers, body: JSON.stringify(body) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
    return text === "" ? null : JSON.parse(text);
  };
  return {
    id,
    email,
    async approveLogin(running, answer = "approve") {
      const address = new URL(await shown(running, /^ {2}(http\S+)$/m));
      const request = Object.fromEntries(address.searchParams);
      const { redirectTo } = await post("/api/v1/oauth/authorize", { request, answer });
      return (await fetch(redirectTo)).text();
    },
    async approveDevice(running) {
      const userCode = await shown(running, /^ {2}([A-Z]{4}-[A-Z]{4})$/m);
      await post("/api/v1/oauth/device/answer", { userCode, answer: "approve" });
    },
  };
}

/** Waits until a program has told something. */
async function shown(running: RunningCli, pattern: RegExp): Promise<string> {
  const until = Date.now() + 20_000;
  while (Date.now() < until) {
    const found = pattern.exec(running.stderr())?.[1];
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`it did not say ${pattern}: ${running.stderr()}`);
}
