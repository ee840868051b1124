import { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { createTextRedactor } from "../../audit/redaction/redact-text.ts";
import { createCredential } from "../../identity/tokens/format.ts";
import { resolveRequestInfo } from "../request/request-info.ts";
import { describeSession } from "../request/session-options.ts";
import { CallRecord } from "./call-record.ts";

const redactor = createTextRedactor();
const OUTCOME = { stage: "complete", result: "success", message: null, httpStatus: 200 } as const;

function recordOf(headers: Record<string, string> = {}): CallRecord {
  const request = new IncomingMessage(new Socket());
  request.method = "GET";
  Object.assign(request.headers, headers);
  return new CallRecord({ request, clientIp: null, redactor });
}

const infoOf = (...segments: string[]) => resolveRequestInfo({ method: "GET", segments, query: "" });

/** Every text of a record that a client chooses. */
const CHOSEN: Record<string, (secret: string) => CallRecord> = {
  resourceName: (secret) => recordWith({ info: infoOf("api", "v1", "namespaces", "shop", "pods", secret) }),
  "resourceName of a body": (secret) => recordWith({ objectName: secret }),
  namespace: (secret) => recordWith({ info: infoOf("api", "v1", "namespaces", secret, "pods") }),
  resource: (secret) => recordWith({ info: infoOf("api", "v1", "namespaces", "shop", secret) }),
  subresource: (secret) => recordWith({ info: infoOf("api", "v1", "nodes", "n", secret) }),
  "resource of a path": (secret) => recordWith({ info: infoOf("healthz", secret) }),
  apiGroup: (secret) => recordWith({ info: infoOf("apis", secret, "v1", "widgets") }),
  "cluster name": (secret) => recordWith({ cluster: { id: "", name: secret, endpoint: "" } }),
  "cut cluster name": (secret) =>
    recordWith({ cluster: { id: "", name: `${"a".repeat(500)}-${secret}`, endpoint: "" } }),
  impersonatedUser: (secret) => impersonating(secret, []),
  impersonatedGroups: (secret) => impersonating("bob", ["ops", secret]),
  kubernetesGroups: (secret) => recordWith({ kubernetesGroups: ["ops", secret] }),
  userAgent: (secret) => recordOf({ "user-agent": `kubectl/v1 (${secret})` }),
  clientName: (secret) => recordOf({ "user-agent": `${secret}/1.0 (linux)` }),
  "cut clientName": (secret) => recordOf({ "user-agent": `${"a".repeat(100)}-${secret}/1.0` }),
  command: (secret) => recordOf({ "kubectl-command": `kubectl get ${secret}` }),
  sessionId: (secret) => recordOf({ "kubectl-session": secret }),
};

function recordWith(fields: Partial<CallRecord>): CallRecord {
  return Object.assign(recordOf(), fields);
}

function impersonating(user: string, groups: string[]): CallRecord {
  const record = recordOf();
  record.setImpersonation(user, groups);
  return record;
}

test.each(Object.keys(CHOSEN))("a token in %s is not kept, nor a part of it", (place) => {
  for (const kind of ["token", "applicationSecret"] as const) {
    const secret = createCredential(kind);
    const kept = JSON.stringify(CHOSEN[place]!(secret).entry(OUTCOME));
    expect(kept).not.toContain(secret.slice(0, 12));
    expect(kept).not.toContain(secret.slice(-12));
  }
});

test("what holds no secret stays as it is", () => {
  const record = recordOf({ "user-agent": "kubectl/v1.32.4 (linux/amd64) kubernetes/59526cd" });
  record.info = infoOf(
    "apis",
    "authorization.k8s.io",
    "v1",
    "namespaces",
    "kw",
    "tokenreviews",
    "npm-cache-7d9f",
  );
  record.cluster = { id: "", name: "kw-prod", endpoint: "" };
  record.kubernetesGroups = ["system:authenticated", "team-bearer"];
  record.setImpersonation("system:serviceaccount:kw:builder", ["kws"]);
  expect(record.entry(OUTCOME)).toMatchObject({
    apiGroup: "authorization.k8s.io",
    namespace: "kw",
    resource: "tokenreviews",
    resourceName: "npm-cache-7d9f",
    cluster: { id: "", name: "kw-prod", endpoint: "" },
    kubernetesGroups: ["system:authenticated", "team-bearer"],
    impersonatedGroups: ["kws"],
    impersonatedUser: "system:serviceaccount:kw:builder",
    clientName: "kubectl/v1.32.4",
    userAgent: "kubectl/v1.32.4 (linux/amd64) kubernetes/59526cd",
  });
});

const SECRET = "hunter2hunter2";

test.each([
  ["curl", "--oauth2-bearer", SECRET, "https://x"],
  ["curl", "-H", `Cookie: session=${SECRET}`],
  ["curl", "-H", `Authorization: ApiKey ${SECRET}`],
  ["curl", "-H", "Authorization:", "Bearer", SECRET],
  ["redis-cli", "-a", SECRET],
  ["vault", "login", SECRET],
  ["env", `PASS=${SECRET}`],
  ["sh", "-c", `echo 'password = ${SECRET}' > x; redis-cli -a ${SECRET}`],
  ["tool", "bearer", SECRET],
  ["tool", "password", "=", SECRET],
])("message and body of an exec agree: %s %s %s %s", (...args) => {
  const query = args.map((argument) => `command=${encodeURIComponent(argument)}`).join("&");
  const info = infoOf("api", "v1", "namespaces", "shop", "pods", "web-1", "exec");
  const session = describeSession(redactor, info, query);
  const record = recordWith({ info, body: session.body });
  const { message, body } = record.entry({ ...OUTCOME, message: session.text });
  expect(message).toBe(session.text);
  expect(message).not.toContain(SECRET);
  expect(body?.text).not.toContain(SECRET);
  const marks = (text: string) => text.match(/\[redacted \d+ bytes\]/g);
  expect(marks(parse(body!.text).command.join(" "))).toEqual(marks(message!));
  expect(marks(message!)).not.toBeNull();
});
