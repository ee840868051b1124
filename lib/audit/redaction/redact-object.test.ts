import { expect, test } from "vitest";
import { redactObject } from "./redact-object.ts";

const SECRET = "hunter2hunter2";
const MARK = "[redacted 14 bytes]";
const redact = (value: unknown) => redactObject(value, { secret: false });

test("a kubeconfig in a ConfigMap keeps neither key, token nor password", () => {
  const kubeconfig = [
    ...["apiVersion: v1", "kind: Config", "users:", "- name: a", "  user:"],
    ...["    client-certificate-data: LS0tLS1jZXJ0", `    client-key-data: ${SECRET}`],
    ...[
      `    token: ${SECRET}`,
      `    password: "${SECRET}"`,
      `- {name: b, user: {client-key-data: ${SECRET}}}`,
    ],
  ].join("\n");
  for (const text of [kubeconfig, `# kind: secret\n${kubeconfig}`]) {
    const kept = JSON.stringify(redact({ kind: "ConfigMap", data: { config: text } }));
    expect(kept).not.toContain(SECRET);
    expect(kept).toContain("client-certificate-data");
    expect(kept).toContain("LS0tLS1jZXJ0");
  }
});

test.each(["Authorization", "authorization", "Proxy-Authorization", "X-API-Key", "Cookie", "Set-Cookie"])(
  "the header %s of a probe, of a field and of a configuration file loses its value",
  (name) => {
    expect(redact({ httpGet: { httpHeaders: [{ name, value: `Custom ${SECRET}` }] } })).toEqual({
      httpGet: { httpHeaders: [{ name, value: "[redacted 21 bytes]" }] },
    });
    expect(redact({ headers: { [name]: SECRET } })).toEqual({ headers: { [name]: MARK } });
    expect(redact({ data: { conf: `a: b\n${name}: ${SECRET}\nc: d` } })).not.toMatchObject({
      data: { conf: expect.stringContaining(SECRET) },
    });
  },
);

test("a cookie and credentials of an unknown scheme are taken out of a file to the line's end", () => {
  const conf = `Cookie: a=b; c=${SECRET}\nAuthorization: ApiKey ${SECRET}\nAuthorization: Bearer ${SECRET}\nd: e`;
  expect(redact({ conf })).toEqual({
    conf: `Cookie: [redacted 21 bytes]\nAuthorization: [redacted 21 bytes]\nAuthorization: Bearer ${MARK}\nd: e`,
  });
});

test("other headers, variables and references keep their values", () => {
  const object = {
    httpGet: { httpHeaders: [{ name: "Host", value: "web" }] },
    env: [
      { name: "COMPASS", value: "north" },
      { name: "DB_PASS", valueFrom: { secretKeyRef: { name: "db", key: "pass" } } },
    ],
    tls: { secretName: "web-tls", caSecret: "ca", credentials: "registry" },
    authorization: { type: "simple" },
    data: { conf: "mode: passthrough\nbypass = yes" },
  };
  expect(redact(object)).toEqual(object);
});

test("a container's args go on where its command ends", () => {
  expect(redact({ command: ["redis-cli"], args: ["-a", SECRET, "ping"] })).toEqual({
    command: ["redis-cli"],
    args: ["-a", MARK, "ping"],
  });
  expect(redact({ command: ["tool", "--password"], args: [SECRET] })).toMatchObject({ args: [MARK] });
});

test("a token is no key's name either", () => {
  const token = `kw_${"a".repeat(51)}`;
  for (const kind of ["ConfigMap", "Secret"])
    expect(redact({ kind, data: { [token]: "x" } })).toMatchObject({
      data: { "[redacted 54 bytes]": expect.any(String) },
    });
});
