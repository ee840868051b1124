import { describe, expect, it } from "vitest";
import fc from "../../test/properties.ts";
import { completeFilter } from "./complete.ts";
import { evaluateFilter } from "./evaluate.ts";
import type { FieldSet } from "./fields.ts";
import { formatFilter } from "./format.ts";
import { parseFilter } from "./parse.ts";
import { resolveTime } from "./relative-time.ts";
import { tokenizeFilter } from "./tokenize.ts";
import { FILTER_LIMITS, FilterNode } from "./tree.ts";

const fields: FieldSet = {
  surface: "test",
  fields: [
    { name: "user", label: "User", type: "list", keys: ["name", "email"], description: "" },
    {
      name: "cluster",
      label: "Cluster",
      type: "string",
      keys: ["clusterName"],
      aliases: ["clusterName"],
      description: "",
    },
    { name: "namespace", label: "Namespace", type: "string", nullable: true, description: "" },
    {
      name: "verb",
      label: "Verb",
      type: "enum",
      values: ["get", "list", "delete"],
      closed: true,
      description: "",
    },
    {
      name: "resource",
      label: "Resource",
      type: "enum",
      values: ["pods", "pods/exec", "secrets", "others"],
      remainder: { value: "others", of: ["pods", "pods/exec", "secrets"] },
      nullable: true,
      description: "",
    },
    { name: "executedAt", label: "Executed At", type: "time", description: "" },
    {
      name: "duration",
      label: "Duration",
      type: "duration",
      keys: ["durationMs"],
      nullable: true,
      description: "",
    },
    { name: "httpStatus", label: "Status", type: "number", nullable: true, description: "" },
  ],
};
const reference = { now: new Date("2026-11-20T16:30:00Z"), timeZone: "Europe/Berlin" };

function parsed(text: string): FilterNode | null {
  const result = parseFilter(text, fields);
  if (!result.ok) throw new Error(`${result.error.message} at ${result.error.start}`);
  return result.filter;
}

function refused(text: string) {
  const result = parseFilter(text, fields);
  if (result.ok) throw new Error(`${text} was taken`);
  return result.error;
}

const comparison = (field: string, op: string, ...values: string[]) => ({
  kind: "comparison",
  field,
  op,
  values,
});

describe("parseFilter", () => {
  it("reads comparisons, lists, presence and aliases", () => {
    expect(parsed('verb = "delete"')).toEqual(comparison("verb", "=", "delete"));
    expect(parsed("VERB=delete")).toEqual(comparison("verb", "=", "delete"));
    expect(parsed("clusterName:prod")).toEqual(comparison("cluster", ":", "prod"));
    expect(parsed('namespace in (dev, \'a b\', "c\\"d")')).toEqual(
      comparison("namespace", "in", "dev", "a b", 'c"d'),
    );
    expect(parsed("namespace:*")).toEqual(comparison("namespace", "present"));
    expect(parsed('namespace:"*"')).toEqual(comparison("namespace", ":", "*"));
    expect(parsed("executedAt >= 2026-11-20T10:00:00+01:00")).toEqual(
      comparison("executedAt", ">=", "2026-11-20T10:00:00+01:00"),
    );
    expect(parsed("  ")).toBeNull();
  });

  it("reads empty text as an absent value", () => {
    const absent = { kind: "not", node: comparison("namespace", "present") };
    expect(parsed('namespace = ""')).toEqual(absent);
    expect(parsed("namespace != ''")).toEqual(comparison("namespace", "present"));
    expect(parsed('namespace IN ("")')).toEqual(absent);
    expect(parsed('namespace IN ("", a)')).toEqual({
      kind: "or",
      nodes: [absent, comparison("namespace", "in", "a")],
    });
    expect(formatFilter(parsed('namespace NOT IN ("")'))).toBe("NOT NOT namespace:*");
  });

  it("binds NOT before AND before OR", () => {
    expect(parsed("verb = get OR verb = list AND -namespace = a")).toEqual({
      kind: "or",
      nodes: [
        comparison("verb", "=", "get"),
        {
          kind: "and",
          nodes: [comparison("verb", "=", "list"), { kind: "not", node: comparison("namespace", "=", "a") }],
        },
      ],
    });
    expect(parsed("namespace NOT IN (a)")).toEqual({ kind: "not", node: comparison("namespace", "in", "a") });
  });

  it.each([
    ["vreb = get", 0, 4, "Did you mean verb?"],
    ["verb = delte", 7, 12, "Did you mean delete?"],
    ["verb get", 5, 8, "Put an operator after verb"],
    ["verb == get", 5, 7, "Write = for =="],
    ["verb = get namespace = a", 11, 20, "Put AND or OR before namespace"],
    ["verb = get &&  namespace = a", 11, 13, "Put AND or OR before &&"],
    ["verb = get AND", 14, 14, "ends too early"],
    ["(verb = get", 0, 1, "not closed"],
    ["verb = get)", 10, 11, "closes nothing"],
    ['namespace = "a', 12, 14, "no closing"],
    ["httpStatus = abc", 13, 16, "a whole number"],
    ["httpStatus:4", 10, 11, "does not take :"],
    ["verb < get", 5, 6, "does not take <"],
    ["executedAt > soon", 13, 17, "RFC 3339"],
    ["executedAt > 2026-02-30", 13, 23, "RFC 3339"],
    ["duration > 1y", 11, 13, "a duration"],
    ["namespace IN a", 13, 14, "in parentheses"],
    ["namespace IN (a", 13, 14, "not closed"],
    ["namespace IN ()", 14, 15, "is no value"],
    ['"jonas"', 0, 7, "name a field first"],
    ["user = “alice”", 7, 8, "write a straight one"],
    ["user IN ('a', ‘b’)", 14, 15, "write a straight one"],
    ["“alice”", 0, 1, "write a straight one"],
    ['user = "alice”', 7, 14, "no closing"],
    ["namespace =", 11, 11, "Put a value for namespace"],
  ])("points at what is wrong in %s", (text, start, end, message) => {
    const error = refused(text);
    expect(error.message).toContain(message);
    expect([error.start, error.end]).toEqual([start, end]);
  });

  it("refuses what is too long, too deep or too much", () => {
    expect(refused("a".repeat(FILTER_LIMITS.characters + 1)).message).toContain("characters");
    expect(refused(`${"(".repeat(2_000)}verb = get`).message).toContain("levels deep");
    expect(refused(`${"NOT ".repeat(1_000)}verb = get`).message).toContain("levels deep");
    expect(refused(Array(201).fill("verb=get").join(" OR ")).message).toContain("comparisons");
    expect(refused(`namespace IN (${Array(501).fill("a").join(",")})`).message).toContain("values");
  });
});

const value = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.constantFrom("a b", "%", "_", 'q"', "\\", "(x)", "now-2h", "12"),
);
const leaf: fc.Arbitrary<FilterNode> = fc.oneof(
  fc.record({
    kind: fc.constant("comparison" as const),
    field: fc.constantFrom("namespace", "cluster", "user"),
    op: fc.constantFrom("=" as const, "!=" as const),
    // Empty text is read as absence.
    values: fc.tuple(value.filter((text) => text !== "" && !text.includes("\0"))),
  }),
  fc.record({
    kind: fc.constant("comparison" as const),
    field: fc.constant("namespace"),
    op: fc.constant("in" as const),
    values: fc.array(
      value.filter((text) => text !== "" && !text.includes("\0")),
      { minLength: 1, maxLength: 4 },
    ),
  }),
  fc.constantFrom<FilterNode>(
    { kind: "comparison", field: "namespace", op: "present", values: [] },
    { kind: "comparison", field: "httpStatus", op: "present", values: [] },
    { kind: "comparison", field: "verb", op: "=", values: ["get"] },
    { kind: "comparison", field: "duration", op: ">", values: ["1.5s"] },
  ),
);
const { tree } = fc.letrec<{ tree: FilterNode; group: FilterNode }>((tie) => ({
  tree: fc.oneof({ maxDepth: 4, withCrossShrink: true }, leaf, tie("group")),
  group: fc.oneof(
    fc.record({
      kind: fc.constantFrom("and" as const, "or" as const),
      nodes: fc.array(tie("tree"), { minLength: 2, maxLength: 3 }),
    }),
    fc.record({ kind: fc.constant("not" as const), node: tie("tree") }),
  ),
}));

describe("formatFilter", () => {
  it("writes the canonical text", () => {
    const text = 'verb = "delete" AND (resource = "secrets" OR cluster = "prod")';
    expect(formatFilter(parsed(text))).toBe(text);
    expect(formatFilter(parsed("-(verb=get or namespace:*) and duration>1s"))).toBe(
      'NOT (verb = "get" OR namespace:*) AND duration > 1s',
    );
    expect(formatFilter({ kind: "and", nodes: [parsed("verb = get") as FilterNode] })).toBe('verb = "get"');
  });

  it("is read back to the same tree", () => {
    fc.assert(
      fc.property(tree, (node) => {
        expect(FilterNode.parse(node)).toEqual(node);
        expect(parsed(formatFilter(node))).toEqual(node);
      }),
      { numRuns: 1_000 },
    );
  });

  it("never crashes a parser or tokenizer, whatever the text", () => {
    const words = fc.array(
      fc.constantFrom("verb", "=", "(", ")", "AND", "NOT", "IN", '"', ",", "-", "*", ":", "é", " "),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          words.map((list) => list.join(" ")),
        ),
        (text) => {
          const tokens = tokenizeFilter(text);
          expect(tokens.every((token) => text.slice(token.start, token.end) === token.text)).toBe(true);
          const result = parseFilter(text, fields);
          if (!result.ok) expect(result.error.end).toBeLessThanOrEqual(text.length);
          completeFilter(text, text.length, fields);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

describe("evaluateFilter", () => {
  const record = {
    name: "Jonas Weber",
    email: "jonas@acme.example",
    clusterName: "prod_eu",
    namespace: null,
    verb: "get",
    resource: "certificates",
    executedAt: "2026-11-20T09:00:00.000Z",
    durationMs: 1_500,
    httpStatus: null,
  };
  it.each([
    ["namespace != prod", true],
    ["namespace = prod", false],
    ["NOT namespace = prod", true],
    ["namespace:*", false],
    ["NOT namespace:p", true],
    ["httpStatus < 500", false],
    ["NOT httpStatus < 500", true],
    ["user = 'Jonas Weber'", true],
    ["user = 'jonas weber'", false],
    ["user:WEBER", true],
    ["user != jonas@acme.example", false],
    ["cluster:od_e", true],
    ["cluster:'od%'", false],
    ["resource = others", true],
    ["resource IN (pods, others)", true],
    ["resource != others", false],
    ["executedAt = 2026-11-20", true],
    ["executedAt >= today", true],
    ["executedAt < today", false],
    ["executedAt > 2026-11-20", false],
    ["executedAt <= 2026-11-20", true],
    ["executedAt > now-8h", true],
    ["executedAt > now-7h", false],
    ["duration > 1s", true],
    ["duration = 1.5s", true],
    ["duration >= 1501", false],
  ])("%s is %s", (text, expected) => {
    expect(evaluateFilter(parsed(text), record, fields, reference)).toBe(expected);
  });
});

describe("resolveTime", () => {
  const at = (text: string) => {
    const span = resolveTime(text, reference);
    return span && [new Date(span.start).toISOString(), new Date(span.end).toISOString()];
  };
  it("reads days in the zone, also where clocks change", () => {
    expect(at("today")).toEqual(["2026-11-19T23:00:00.000Z", "2026-11-20T23:00:00.000Z"]);
    expect(at("2026-10-25")).toEqual(["2026-10-24T22:00:00.000Z", "2026-10-25T23:00:00.000Z"]);
    expect(at("2026-03-29")).toEqual(["2026-03-28T23:00:00.000Z", "2026-03-29T22:00:00.000Z"]);
    expect(at("2026-1-5")?.[0]).toBe("2026-01-04T23:00:00.000Z");
    expect(at("today-7d")?.[0]).toBe("2026-11-12T23:00:00.000Z");
  });
  it("reads instants", () => {
    expect(at("now-90m")?.[0]).toBe("2026-11-20T15:00:00.000Z");
    expect(at("2026-11-20T10:00")?.[0]).toBe("2026-11-20T09:00:00.000Z");
    expect(at("2026-11-20T10:00:00.123456Z")?.[0]).toBe("2026-11-20T10:00:00.123Z");
    expect(at("2026-11-20T10:00:00-05:30")?.[0]).toBe("2026-11-20T15:30:00.000Z");
    for (const text of [
      "2026-13-01",
      "2026-11-20T25:00",
      "tomorrow",
      "now-",
      "2026-11-20T10:00:00+99:00",
      "",
    ]) {
      expect(at(text)).toBeNull();
    }
  });
});

describe("completeFilter", () => {
  const labels = (text: string, cursor = text.length) =>
    completeFilter(text, cursor, fields).options.map(({ label }) => label);
  it("offers what may stand at the cursor", () => {
    expect(labels("")).toContain("verb");
    expect(labels("ve")[0]).toBe("verb");
    expect(labels("verb ")).toEqual(["=", "!=", ":", "IN (", ":*"]);
    expect(labels("duration ")).toContain(">=");
    expect(labels("verb = de")).toEqual(["delete"]);
    expect(labels("verb IN (")).toContain("delete");
    expect(labels("verb IN (get, li")).toEqual(["list"]);
    expect(labels("verb IN (get ")).toEqual([",", ")"]);
    expect(labels("verb = get ")).toEqual(["AND", "OR"]);
    expect(labels("verb = get AND (")).toContain("namespace");
    expect(labels("executedAt > n")).toContain("now-1h");
  });
  it("replaces the word under the cursor", () => {
    expect(completeFilter("verb = del AND x", 9, fields)).toMatchObject({ from: 7, to: 10 });
  });
});
