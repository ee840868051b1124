import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { systemContext } from "../../../../lib/context.ts";
import { createApplication } from "../../../../lib/identity/applications/mutations.ts";
import { authenticateToken } from "../../../../lib/identity/authenticate.ts";
import { stopFailedAuthentication } from "../../../../lib/identity/failed-authentication/record.ts";
import { createTestInstallation, readEvents, type TestInstallation } from "../../../../test/installation.ts";
import { POST } from "./route.ts";

let installation: TestInstallation;
let id: string;
let secret: string;

beforeAll(async () => {
  installation = await createTestInstallation();
  ({ id, secret } = await createApplication({ ctx: systemContext("test"), input: { name: "prometheus" } }));
});
afterAll(async () => {
  await stopFailedAuthentication();
  await installation.close();
});

async function ask(body: string, headers: Record<string, string> = {}) {
  const request = new Request("http://localhost:3000/api/v1/token", {
    method: "POST",
    body,
    headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
  });
  const response = await POST(request, { params: Promise.resolve({}) });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

const basic = (user: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`,
});
const GRANT = "grant_type=client_credentials";
const inForm = (clientId: string, clientSecret: string) =>
  `${GRANT}&client_id=${clientId}&client_secret=${clientSecret}`;

describe("a client of RFC 6749", () => {
  test.each<[string, () => [string, Record<string, string>?]]>([
    ["with id and secret in the form", () => [inForm(id, secret)]],
    [
      "with a charset and other parameters",
      () => [
        `${inForm(id, secret)}&scope=&audience=x`,
        { "content-type": "application/x-www-form-urlencoded; charset=utf-8" },
      ],
    ],
    ["by HTTP Basic", () => [GRANT, basic(id, secret)]],
    [
      "by HTTP Basic, form-encoded first",
      () => [GRANT, basic(id.replaceAll("-", "%2D"), secret.replaceAll("_", "%5F"))],
    ],
    ["by HTTP Basic, with its id in the form as well", () => [`${GRANT}&client_id=${id}`, basic(id, secret)]],
  ])("gets a token %s", async (_name, input) => {
    const answer = await ask(...input());
    expect(answer).toMatchObject({ status: 200, body: { token_type: "Bearer", expires_in: 3_600 } });
    expect(Object.keys(answer.body).sort()).toEqual(["access_token", "expires_in", "token_type"]);
    expect([answer.headers.get("cache-control"), answer.headers.get("pragma")]).toEqual([
      "no-store",
      "no-cache",
    ]);
    expect((await authenticateToken(answer.body.access_token))?.actor).toMatchObject({ name: "prometheus" });
  });

  test.each<[string, () => [string, Record<string, string>?], number, string]>([
    ["without a grant", () => ["", basic(id, secret)], 400, "invalid_request"],
    ["with another grant", () => ["grant_type=password", basic(id, secret)], 400, "unsupported_grant_type"],
    [
      "with a scope that there is not",
      () => [`${GRANT}&scope=read`, basic(id, secret)],
      400,
      "invalid_scope",
    ],
    ["with a parameter twice", () => [`${GRANT}&${GRANT}`, basic(id, secret)], 400, "invalid_request"],
    ["with its secret twice", () => [inForm(id, secret), basic(id, secret)], 400, "invalid_request"],
    ["with two ids", () => [`${GRANT}&client_id=other`, basic(id, secret)], 400, "invalid_request"],
    ["without credentials", () => [GRANT], 401, "invalid_client"],
    ["with a wrong secret", () => [GRANT, basic(id, "wrong")], 401, "invalid_client"],
    ["with Basic that is none", () => [GRANT, { authorization: "Basic ???" }], 401, "invalid_client"],
    ["with a bearer token", () => [GRANT, { authorization: `Bearer ${secret}` }], 401, "invalid_client"],
    ["with too much", () => [`${GRANT}&x=${"x".repeat(70_000)}`], 413, "invalid_request"],
  ])("is refused %s, in its own words and without the secret", async (_name, input, status, error) => {
    const answer = await ask(...input());
    expect(answer).toMatchObject({ status, body: { error, error_description: expect.any(String) } });
    expect(answer.body.error_description).toMatch(/^[\x20\x21\x23-\x5b\x5d-\x7e]+$/);
    expect(JSON.stringify(answer.body)).not.toContain(secret);
    expect(answer.headers.get("www-authenticate")).toBe(
      status === 401 ? 'Basic realm="Kubewitness", charset="UTF-8"' : null,
    );
  });
});

test("id and secret in each other's field leave no secret on the record", async () => {
  const json = (body: object) => ask(JSON.stringify(body), { "content-type": "application/json" });
  const attempts = [
    await json({ grantType: "client_credentials", clientId: secret, clientSecret: id }),
    await json({ grantType: "app_token", AppId: secret, AppSecret: id }),
    await ask(inForm(secret, id)),
    await ask(GRANT, basic("correct horse battery staple", id)),
    await ask(GRANT, { ...basic(id, "wrong"), "user-agent": `curl/8 ${secret}` }),
  ];
  expect(attempts.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401]);
  const failed = (await readEvents(installation)).filter(({ status }) => status === "Failed");
  expect(failed.length).toBeGreaterThanOrEqual(5);
  expect(failed.map(({ entityName }) => entityName)).toContain(
    "28 characters that are no id of an application",
  );
  const { rows } = await installation.pool.query(`
    select value from audit_dictionary union all select name from audit_actor union all select entity_name from audit_event`);
  for (const text of [secret, "correct horse"]) expect(JSON.stringify(rows)).not.toContain(text);
});
