import { createHmac, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { oidcProviderConfig } from "../../../config/provider-entry.ts";
import type { OidcProviderConfig } from "../../../config.ts";
import { readLogoutToken } from "./logout-token.ts";

const EVENT = "http://schemas.openid.net/event/backchannel-logout";
const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const other = generateKeyPairSync("rsa", { modulusLength: 2048 });
const elliptic = generateKeyPairSync("ec", { namedCurve: "P-256" });
let settings: OidcProviderConfig;
let asked = 0;

const server = createServer((request, response) => {
  asked += 1;
  const issuer = settings.issuer;
  const keys = [
    { ...publicKey.export({ format: "jwk" }), kid: "one", use: "sig" },
    { ...elliptic.publicKey.export({ format: "jwk" }), kid: "two", use: "sig" },
  ];
  const discovery = {
    issuer,
    authorization_endpoint: `${issuer}/a`,
    token_endpoint: `${issuer}/t`,
    jwks_uri: `${issuer}/jwks`,
  };
  response
    .setHeader("content-type", "application/json")
    .end(JSON.stringify(request.url === "/jwks" ? { keys } : discovery));
});
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  settings = oidcProviderConfig({ id: "oidc", issuer, clientId: "kw", clientSecret: "s" });
});
afterAll(() => server.close());

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
const claims = (change: object = {}) => ({
  iss: settings.issuer,
  aud: "kw",
  iat: Math.floor(Date.now() / 1_000),
  jti: "1",
  sid: "s-1",
  sub: "lena",
  events: { [EVENT]: {} },
  ...change,
});

function token(
  body: object,
  { header = {}, key = privateKey }: { header?: object; key?: KeyObject } = {},
): string {
  const text = `${encode({ alg: "RS256", kid: "one", typ: "logout+jwt", ...header })}.${encode(body)}`;
  return `${text}.${sign("sha256", Buffer.from(text), key).toString("base64url")}`;
}

test("says whose sessions have ended", async () => {
  expect(await readLogoutToken(settings, token(claims()))).toMatchObject({
    id: "1",
    sessionId: "s-1",
    subject: "lena",
  });
  expect(await readLogoutToken(settings, token(claims({ sid: undefined, aud: ["x", "kw"] })))).toMatchObject({
    sessionId: null,
    subject: "lena",
  });
});

test("takes a signature by an elliptic curve", async () => {
  const text = `${encode({ alg: "ES256", kid: "two" })}.${encode(claims())}`;
  const key = { key: elliptic.privateKey, dsaEncoding: "ieee-p1363" as const };
  const signature = sign("sha256", Buffer.from(text), key).toString("base64url");
  expect(await readLogoutToken(settings, `${text}.${signature}`)).toMatchObject({ sessionId: "s-1" });
});

const now = () => Math.floor(Date.now() / 1_000);
const refused: [string, () => string, RegExp][] = [
  ["another key signs", () => token(claims(), { key: other.privateKey }), /not signed/],
  ["nobody signs", () => `${encode({ alg: "none" })}.${encode(claims())}.`, /algorithm is none/],
  [
    "its public key is taken for a shared secret",
    () => {
      const text = `${encode({ alg: "HS256", kid: "one" })}.${encode(claims())}`;
      const pem = publicKey.export({ type: "spki", format: "pem" });
      return `${text}.${createHmac("sha256", pem).update(text).digest("base64url")}`;
    },
    /algorithm is HS256/,
  ],
  ["it is for another client", () => token(claims({ aud: "other" })), /another client/],
  ["it is another issuer's", () => token(claims({ iss: "https://other.example" })), /another issuer/],
  ["it is old", () => token(claims({ iat: now() - 600 })), /expired/],
  ["it has ended", () => token(claims({ exp: now() - 300 })), /expired/],
  ["it is of tomorrow", () => token(claims({ iat: now() + 86_400 })), /still to come/],
  ["it names nobody", () => token(claims({ sid: undefined, sub: undefined })), /neither sid nor sub/],
  ["it has a nonce, as an ID token has", () => token(claims({ nonce: "n" })), /nonce/],
  ["it says nothing of a logout", () => token(claims({ events: {} })), /events/],
  ["it has no id", () => token(claims({ jti: undefined })), /jti/],
  ["it is of another type", () => token(claims(), { header: { typ: "at+jwt" } }), /type/],
  ["it is no JWT", () => "x.y.z", /no JWT/],
  ["it is longer than any", () => "x".repeat(20_000), /no JWT/],
];
test.each(refused)("does not count where %s", async (_why, make, reason) => {
  await expect(readLogoutToken(settings, make())).rejects.toThrow(reason);
});

test("a token that cannot count makes nobody ask the provider", async () => {
  const before = asked;
  await readLogoutToken(settings, token(claims({ aud: "other" }))).catch(() => {});
  expect(asked).toBe(before);
});
