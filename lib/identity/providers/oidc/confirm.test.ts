import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { oidcProviderConfig } from "../../../config/provider-entry.ts";
import type { OidcProviderConfig } from "../../../config.ts";
import { confirmPerson } from "./confirm.ts";

const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");
const asked: string[] = [];
let settings: OidcProviderConfig;

const server = createServer((request, response) => {
  const { issuer } = settings;
  asked.push(request.url ?? "");
  const answers: Record<string, object> = {
    "/.well-known/openid-configuration": {
      issuer,
      authorization_endpoint: `${issuer}/auth`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/jwks`,
      userinfo_endpoint: `${issuer}/me`,
    },
    "/token": {
      refresh_token: "next",
      access_token: "a",
      id_token: `${encode({ alg: "none" })}.${encode({ iss: issuer, sub: "alice", aud: "x" })}.`,
    },
    "/me": { sub: "alice", groups: ["payments"] },
  };
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify(answers[request.url ?? ""]));
});

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  settings = oidcProviderConfig({
    id: "oidc",
    issuer: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    clientId: "x",
    clientSecret: "y",
  });
});
afterAll(() => server.close());

test("a confirmation asks the provider once who it is, keeps the next refresh token, and learns the groups from userinfo", async () => {
  const kept: string[] = [];
  const confirmation = await confirmPerson(settings, {
    subject: "alice",
    refreshToken: "this",
    keepRefreshToken: async (next) => {
      kept.push(next, ...asked);
    },
  });
  expect(confirmation).toEqual({ kind: "confirmed", groups: { names: ["payments"], leftOut: null } });
  expect(kept).toEqual(["next", "/.well-known/openid-configuration", "/token"]);
  expect(asked).toEqual(["/.well-known/openid-configuration", "/token", "/me"]);
});
