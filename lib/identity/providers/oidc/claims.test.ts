import { describe, expect, test } from "vitest";
import { oidcProviderConfig } from "../../../config/provider-entry.ts";
import { readIdentity } from "./claims.ts";

const settings = oidcProviderConfig({
  id: "oidc",
  issuer: "https://login.example/",
  clientId: "x",
  clientSecret: "y",
});
const CLAIMS = { iss: "https://login.example", sub: "1", email: "eve@acme.example" };
const read = (claims: object) =>
  readIdentity({ ...CLAIMS, ...claims }, { settings, issuer: "https://login.example" });

test.each([
  [" Eve Adams ", "Eve Adams"],
  ["Eve\u202emadA\u202c\u200f", "EvemadA"],
  ["Eve\u0007\u0085 Adams", "Eve Adams"],
  ["\u202e", "eve@acme.example"],
])("the name %j is kept as %j", (name, kept) => {
  expect(read({ name }).name).toBe(kept);
});

test.each([[true], ["true"], [null], [undefined]])("email_verified %j lets a person in", (email_verified) => {
  expect(read({ email_verified }).email).toBe("eve@acme.example");
});

test.each([[false], ["false"], ["yes"], [1]])("email_verified %j does not", (email_verified) => {
  expect(() => read({ email_verified })).toThrow(/verified/);
});

test("null stands for a claim that is not there", () => {
  const claims = { name: null, preferred_username: null, groups: null };
  expect(read(claims)).toMatchObject({ name: "eve@acme.example", groups: { names: [], leftOut: null } });
});

test("another issuer's claims are refused", () => {
  expect(() => read({ iss: "https://evil.example" })).toThrow("calls itself https://evil.example");
});

describe("claims of other names", () => {
  const readWith = (change: object, claims: object) =>
    readIdentity(
      { ...CLAIMS, ...claims },
      { settings: { ...settings, ...change }, issuer: "https://login.example" },
    );

  test("give name, address and groups", () => {
    const mapped = { nameClaim: "display", emailClaim: "preferred_username", groupsClaim: "roles" };
    const claims = { email: undefined, display: "Eve", preferred_username: "Eve@Acme.example", roles: ["a"] };
    expect(readWith(mapped, claims)).toMatchObject({
      name: "Eve",
      email: "eve@acme.example",
      groups: { names: ["a"] },
    });
  });

  test("are named where the address is missing", () => {
    expect(() => readWith({ emailClaim: "upn" }, { email: "eve@acme.example" })).toThrow(
      /the claim upn is missing/,
    );
  });

  test.each([
    [{}, { email_verified: true }, true],
    [{}, { email_verified: "true" }, true],
    [{}, {}, false],
    // The word is about the claim `email`, and not about another.
    [{ emailClaim: "upn" }, { upn: "eve@acme.example", email_verified: true }, false],
  ])("with %j, %j says that the address is verified: %s", (change, claims, verified) => {
    expect(readWith(change, claims).emailVerified).toBe(verified);
  });
});
