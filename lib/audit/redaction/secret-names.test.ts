import { expect, test } from "vitest";
import { redactObject } from "./redact-object.ts";
import { createTextRedactor, redactFileText, redactKnownSecrets } from "./redact-text.ts";

const { redactArguments } = createTextRedactor();
const SECRET = "hunter2hunter2";

/** Every place where a name says that a secret follows. */
const PLACES: Record<string, (name: string) => unknown> = {
  "a field": (name) => redactObject({ data: { [name]: SECRET } }, { secret: false }),
  "a variable": (name) => redactObject({ env: [{ name, value: SECRET }] }, { secret: false }),
  "an assignment": (name) => redactKnownSecrets(`${name}=${SECRET}`),
  "an assignment with spaces": (name) => redactKnownSecrets(`${name} = ${SECRET}`),
  "a line of YAML": (name) => redactFileText(`a: b\n  - ${name}: ${SECRET}\n`),
  "an entry of YAML": (name) => redactFileText(`user: {name: x, ${name}: ${SECRET}, y: z}`),
  "a line of properties": (name) => redactFileText(`a = b\n${name}= ${SECRET}\n`),
  "a flag": (name) => redactArguments([`--${name}`, SECRET]),
  "a flag in a shell's line": (name) => redactArguments([`tool --${name} ${SECRET}`]),
  "an argument": (name) => redactArguments([`${name}: ${SECRET}`]),
};

test.each([
  ...[
    "password",
    "adminPasswd",
    "MYSQL_PWD",
    "PGPASS",
    "DB_PASS",
    "DB-PASS",
    "dbPass",
    "pass",
    "requirepass",
  ],
  ...["API-KEY", "X-API-KEY", "api.key", "apiKey", "SECRET_KEY", "AWS_SECRET_ACCESS_KEY", "private-key"],
  ...[
    "client-key-data",
    "clientSecret",
    "id_token",
    "REDISCLI_AUTH",
    "passphrase",
    "APP_SECRET",
    "CREDENTIALS",
    "DB_PW",
    "APP_KEY",
    "ENCRYPTION_KEY",
    "secret_id",
    "SECRET_KEY_BASE",
  ],
])("what is called %s is a secret wherever it stands", (name) => {
  for (const [place, redact] of Object.entries(PLACES)) {
    const kept = JSON.stringify(redact(name));
    expect(kept, place).not.toContain(SECRET);
    expect(kept, place).toContain(`[redacted ${SECRET.length} bytes]`);
  }
});

test.each([
  ...["COMPASS", "PASSENGER", "BYPASS", "passthrough", "OLDPWD", "client-certificate-data", "KEY", "AUTHOR"],
  ...["monkey", "cookieName", "authorization-mode"],
])("what is called %s is none", (name) => {
  for (const [place, redact] of Object.entries(PLACES)) {
    expect(JSON.stringify(redact(name)), place).toContain(SECRET);
  }
});
