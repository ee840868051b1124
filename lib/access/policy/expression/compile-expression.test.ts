import { describe, expect, test } from "vitest";
import { compileExpression, ExpressionError } from "./compile-expression.ts";
import { ClusterFacts, type ExpressionFacts, RequestFacts, UserFacts } from "./environment.ts";

const NOW = new Date("2026-11-28T09:30:00Z");

function facts({
  labels,
  namespaceLabels,
}: {
  labels?: object;
  namespaceLabels?: object;
} = {}): ExpressionFacts {
  const mapOf = (texts: object) => new Map<string, string>(Object.entries(texts));
  return {
    request: new RequestFacts({
      ...{
        verb: "delete",
        apiGroup: "",
        resource: "pods",
        subresource: "",
        namespace: "payments",
        name: "web-1",
      },
      ...{ path: "/api/v1/namespaces/payments/pods/web-1", isResourceRequest: true, accessMethod: "CLI" },
      ...{ clientAddress: "192.0.2.7" },
      ...(namespaceLabels ? { namespaceLabels: mapOf(namespaceLabels) } : {}),
    }),
    user: new UserFacts({ kind: "user", name: "Ann", email: "ann@acme.example", groups: ["dev", "on-call"] }),
    cluster: new ClusterFacts({ name: "prod-eu", ...(labels ? { labels: mapOf(labels) } : {}) }),
    now: NOW,
  };
}

const evaluate = (source: string, given = facts()) => compileExpression(source).evaluate(given);

test.each([
  ['request.verb in ["delete", "patch"] && request.namespace.startsWith("pay")', true],
  ['user.groups.exists(g, g == "on-call")', true],
  ['"nobody" in user.groups', false],
  ['request.name.matches("^web-[0-9]+$")', true],
  ['request.name.matches("^db-")', false],
  ['cluster.name.endsWith("-eu") && user.email.contains("@acme.")', true],
  ['now.getHours("Europe/Berlin") == 10', true],
  ['"dev" in user.groups && user.groups.exists(g, g in ["on-call", "admins"])', true],
  ['user.groups.all(g, g + "@" + request.namespace != "dev@ledger")', true],
  ['now < timestamp("2026-12-01T00:00:00Z")', true],
  ['user.groups.filter(g, g.matches("call")).size() == 1', true],
])("%s is %s", (source, expected) => {
  expect(evaluate(source)).toBe(expected);
});

test("labels are asked by their keys", () => {
  const given = facts({ labels: { env: "prod" }, namespaceLabels: { "team.acme.example/name": "payments" } });
  expect(evaluate('cluster.labels.env == "prod"', given)).toBe(true);
  expect(evaluate('cluster.labels["env"] == "test"', given)).toBe(false);
  expect(evaluate('request.namespaceLabels["team.acme.example/name"] == "payments"', given)).toBe(true);
  expect(evaluate('"tier" in cluster.labels && cluster.labels.tier == "x"', given)).toBe(false);
  expect(evaluate("has(cluster.labels.tier)", given)).toBe(false);
  expect(evaluate("has(cluster.labels.labels)", given)).toBe(false);
  expect(evaluate("user.groups.exists(g, g in cluster.labels)", given)).toBe(false);
});

test.each([
  ["a label that is not there", facts({ labels: {} })],
  ["labels that are not known", facts()],
])("%s is a failure, no false", (_what, given) => {
  expect(() => evaluate('cluster.labels.env == "prod"', given)).toThrow();
  expect(() => evaluate('cluster.labels.env != "prod"', given)).toThrow();
});

test("whether there is a label of those that are not known is a failure, too", () => {
  expect(() => evaluate("!has(cluster.labels.env)")).toThrow();
  expect(() => evaluate("has(request.namespaceLabels.team)")).toThrow();
});

test("it is known which answers change with time", () => {
  expect(compileExpression('now.getHours("UTC") < 8').usesNow).toBe(true);
  expect(compileExpression('user.groups.exists(now, now == "x")').usesNow).toBe(true);
  expect(compileExpression('request.verb == "now"').usesNow).toBe(false);
});

describe("refused", () => {
  test.each([
    ["what does not parse", "request.verb ==", /Unexpected token/, 15],
    ["a name that nothing has", "requests.verb == 'get'", /Unknown variable: requests/, 0],
    ["a field that nothing has", "request.verbs == 'get'", /No such key: verbs/, 8],
    ["types that do not go together", "request.verb == 1", /no such overload: string == int/, 0],
    ["what is neither true nor false", "request.verb", /of type string; takes true or false/, null],
    ["a walk within a walk", "user.groups.all(a, user.groups.all(b, a == b))", /within another walk/, 19],
    [
      "what binds a name, and could double a list with each",
      "cel.bind(x, user.groups, x == x)",
      /calls bind/,
      0,
    ],
    ["what asks whether labels are known", "!has(cluster.labels)", /has takes a label/, 1],
    ["the same, guarding", 'has(request.namespaceLabels) && "x" == "x"', /has takes a label/, 0],
    ["the same by another name", "[request].exists(r, has(r.namespaceLabels))", /has takes a label/, 20],
    ["what makes types go away", "dyn(request).nothing == 1", /calls dyn/, 0],
    ["a pattern that is not written out", "request.name.matches(request.verb)", /written out/, 0],
    ["a pattern that RE2 does not have", 'request.name.matches("(a)\\\\1")', /RE2/, 0],
    ["a long pattern", `request.name.matches("${"a".repeat(201)}")`, /at most 200 characters/, 0],
    ["many nodes", Array(120).fill("request.verb == 'x'").join(" || "), /nodes/i, undefined],
    ["deep nesting", `${"(".repeat(40)}true${")".repeat(40)}`, /./, undefined],
    ["many steps", 'user.groups.all(g, g.matches("a") && g.matches("b") && g.matches("c"))', /steps/, null],
    ["a look through a list for each of a list", "user.groups.all(g, g in user.groups)", /steps/, null],
    ["the same by comparing", "user.groups.all(g, user.groups == user.groups)", /steps/, null],
    [
      "comparing lists of lists",
      "user.groups.map(g, user.groups) == user.groups.map(g, user.groups)",
      /steps/,
      null,
    ],
    ["longer lists of lists", "size(user.groups.map(g, user.groups + user.groups)) > 1", /joins lists/, 24],
  ])("%s", (_what, source, message, start) => {
    let refused: unknown;
    try {
      compileExpression(source);
    } catch (error) {
      refused = error;
    }
    expect(refused).toBeInstanceOf(ExpressionError);
    const { message: said, range } = refused as ExpressionError;
    expect(said).toMatch(message);
    if (start !== undefined) expect(range?.start ?? null).toBe(start);
  });
});

test("an expression is compiled once, however many rules are explained by it", () => {
  const source = 'user.groups.exists(g, g == "on-call") && now.getHours("Europe/Berlin") < 8';
  expect(compileExpression(source)).toBe(compileExpression(source));
});

test("a pattern on which RegExp would try for ages is answered", () => {
  const given = facts();
  const name = `${"a".repeat(5_000)}!`;
  const request = new RequestFacts({ ...given.request, name });
  expect(evaluate('request.name.matches("^(a+)+$")', { ...given, request })).toBe(false);
});
