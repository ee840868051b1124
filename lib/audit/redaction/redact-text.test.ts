import { expect, test } from "vitest";
import fc from "../../../test/properties.ts";
import { createTextRedactor } from "./redact-text.ts";

const redactor = createTextRedactor();
const JWT = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl";

test.each([
  [
    ["mysql", "-phunter2"],
    ["mysql", "-p[redacted 7 bytes]"],
  ],
  [
    ["mysql", "--password=hunter2"],
    ["mysql", "--password=[redacted 7 bytes]"],
  ],
  [
    ["tool", "--token", "hunter2"],
    ["tool", "--token", "[redacted 7 bytes]"],
  ],
  [
    ["sh", "-c", "tool --api-key hunter2 --x"],
    ["sh", "-c", "tool --api-key [redacted 7 bytes] --x"],
  ],
  [
    ["env", "PGPASSWORD=hunter2"],
    ["env", "PGPASSWORD=[redacted 7 bytes]"],
  ],
  [
    ["curl", "-H", "Authorization: Bearer hunter2hunter2"],
    ["curl", "-H", "Authorization: Bearer [redacted 14 bytes]"],
  ],
  [
    ["curl", "-u", "bob:hunter2"],
    ["curl", "-u", "bob:[redacted 7 bytes]"],
  ],
  [
    ["docker", "run", "-u", "1000:1000"],
    ["docker", "run", "-u", "1000:1000"],
  ],
  [
    ["kubectl create secret generic x --from-literal=pin=hunter2 --from-literal b='hunter 2'"],
    [
      "kubectl create secret generic x --from-literal=pin=[redacted 7 bytes] --from-literal b=[redacted 10 bytes]",
    ],
  ],
  [
    ["sh", "-c", "curl -u bob:hunter2 x"],
    ["sh", "-c", "curl -u bob:[redacted 7 bytes] x"],
  ],
  [
    ["psql", "postgres://bob:hunter2@db/x"],
    ["psql", "postgres://bob:[redacted 7 bytes]@db/x"],
  ],
  [
    ["echo", `x ${JWT} y`],
    ["echo", `x [redacted ${JWT.length} bytes] y`],
  ],
  [
    ["aws", "AKIAIOSFODNN7EXAMPLE"],
    ["aws", "[redacted 20 bytes]"],
  ],
  [
    ["cat", "-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----"],
    ["cat", "[redacted 65 bytes]"],
  ],
  [
    ["ls", "-la", "/var/lib"],
    ["ls", "-la", "/var/lib"],
  ],
  [
    ["kubectl", "get", "secret", "db"],
    ["kubectl", "get", "secret", "db"],
  ],
])("%j", (given, expected) => {
  expect(redactor.redactArguments(given)).toEqual(expected);
});

test("messages keep their prose", () => {
  const message =
    'secrets "stripe-api-key" is forbidden: token: role developer does not allow delete in payments';
  expect(redactor.redactText(message)).toBe(message);
  expect(redactor.redactText(`invalid bearer token ${JWT}`)).not.toContain(JWT);
});

test("an administrator's pattern replaces its match, or its group named secret", () => {
  const own = createTextRedactor([/acme-\d+/, /pin (?<secret>\d+)/i]);
  expect(own.redactArguments(["acme-123 x acme-4", "PIN 12345"])).toEqual([
    "[redacted 8 bytes] x [redacted 6 bytes]",
    "PIN [redacted 5 bytes]",
  ]);
});

test("a pattern that takes exponential time ends, and nothing of its text is kept", () => {
  const own = createTextRedactor([/^(a+)+$/]);
  expect(own.redactArguments([`${"a".repeat(60)}!`])).toEqual(["[redacted 61 bytes]"]);
});

test("a secret after a flag is never kept, whatever stands around it", () => {
  const flags = fc.constantFrom(
    "--password=",
    "--token=",
    "--client-secret=",
    "API_KEY=",
    "password: ",
    "--secret ",
  );
  fc.assert(
    fc.property(
      flags,
      fc.stringMatching(/^[A-Za-z0-9]{12,30}$/),
      fc.string(),
      fc.string(),
      (flag, secret, a, b) => {
        const [text] = redactor.redactArguments([`${a} ${flag}${secret} ${b}`]);
        expect(text).not.toContain(secret);
      },
    ),
  );
});
