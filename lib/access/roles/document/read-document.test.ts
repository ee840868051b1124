import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { BUILT_IN_ROLES } from "../built-in.ts";
import { MOST_DOCUMENT_CHARACTERS, readDocument } from "./read-document.ts";
import { RoleDocument } from "./schema.ts";
import { columnsOf, documentOf } from "./stored-document.ts";
import { writeDocument } from "./write-document.ts";

const ON_CALL = `apiVersion: kubewitness.io/v1
kind: Role
metadata:
  name: on-call
  description: Repairs payments at night, from the office's network.
spec:
  rules:
    - effect: allow
      clusters:
        - prod-*
      clusterLabels:
        env: prod
      apiGroups:
        - ""
        - apps
      resources:
        - pods
        - pods/exec
        - "*/scale"
      verbs:
        - "*"
      namespaceLabels:
        team:
          - payments
          - ledger
      when:
        networks:
          - 10.0.0.0/8
        hours:
          from: "22:00"
          to: "06:00"
        weekdays:
          - mon
          - tue
        timeZone: Europe/Berlin
        secondFactorWithin: 15m
        expression: '"on-call" in user.groups'
    - effect: deny
      apiGroups:
        - ""
      resources:
        - secrets
      verbs:
        - "*"
  kubernetes:
    user: on-call
    groups:
      - payments
  recording:
    mode: required
    input: false
  auditReads: true
  requests:
    requestable: true
    approverRoles:
      - lead
    maxDuration: 8h
    breakGlass:
      groups:
        - on-call
`;

/** What a text is refused with: line:column path message. */
function refusals(text: string): string[] {
  const { document, issues } = readDocument(text);
  expect(document).toBeNull();
  return issues.map(
    ({ position, path, key, message }) =>
      `${position.line}:${position.column} ${[...path, ...(key === undefined ? [] : [key])].join(".")} ${message}`,
  );
}

/** The text with one of its lines replaced. */
function withLine(line: string, by: string): string {
  expect(ON_CALL).toContain(line);
  return ON_CALL.replace(line, by);
}

test("a document in canonical order is written as it was read", () => {
  const { document, issues } = readDocument(ON_CALL);
  expect(issues).toEqual([]);
  expect(document && writeDocument(document)).toBe(ON_CALL);
});

test("JSON is read, too, and means the same", () => {
  expect(readDocument(JSON.stringify(parse(ON_CALL))).document).toEqual(readDocument(ON_CALL).document);
});

test.each(BUILT_IN_ROLES.map((role) => [role.name, role] as const))(
  "%s goes to a document and back",
  (_name, role) => {
    const stored = {
      record: "best_effort",
      recordInput: false,
      kubernetesUser: null,
      auditReads: null,
      requests: null,
    };
    const text = writeDocument(RoleDocument.parse(documentOf({ ...stored, ...role })));
    const { document, issues } = readDocument(text);
    expect(issues).toEqual([]);
    expect(document && columnsOf(document)).toEqual({ ...stored, ...role });
  },
);

describe("refused with its place", () => {
  test.each([
    ["what is no YAML", withLine("  name: on-call", "  name: [on-call"), /^5:3 {2}Flow sequence/],
    ["a key twice", withLine("kind: Role", "kind: Role\nkind: Role"), /^3:1 {2}Map keys must be unique/],
    ["two documents", `${ON_CALL}---\n${ON_CALL}`, /multiple documents/],
    ["a tag", withLine("name: on-call", "name: !secret on-call"), /^4:\d+ {2}.*tag/i],
    [
      "another version",
      withLine("kubewitness.io/v1", "kubewitness.io/v2"),
      /^1:13 apiVersion takes kubewitness.io\/v1/,
    ],
    [
      "an unknown field",
      withLine("      verbs:", "      verb: get\n      verbs:"),
      /^\d+:7 spec.rules.0.verb no field/,
    ],
    [
      "another effect",
      withLine("effect: deny", "effect: forbid"),
      /^38:15 spec.rules.1.effect takes allow or deny/,
    ],
    ["a missing field", withLine("  name: on-call\n", ""), /^4:3 metadata.name takes 1 to 63/],
    [
      "a network that is none",
      withLine("10.0.0.0/8", "10.0.0.0/80"),
      /networks.0 takes an address or a network/,
    ],
    ["an unknown zone", withLine("Europe/Berlin", "Europe/Atlantis"), /^35:19 .*timeZone takes a time zone/],
    [
      "no zone",
      withLine("        timeZone: Europe/Berlin\n", ""),
      /when.timeZone takes the time zone of hours/,
    ],
    ["hours that are empty", withLine('to: "06:00"', 'to: "22:00"'), /hours.to takes another time than from/],
    ["a time that is none", withLine('to: "06:00"', 'to: "6"'), /hours.to takes a time of day/],
    ["no networks", withLine("          - 10.0.0.0/8\n", "          []\n"), /networks takes at least one/],
    [
      "an expression that is none",
      withLine("in user.groups", "in users.groups"),
      /^37:21 .*expression takes an expression in CEL; Unknown variable: users \(at character 14\)/,
    ],
    [
      "an expression that costs much",
      withLine(
        `'"on-call" in user.groups'`,
        `user.groups.all(g, g.matches("a") && g.matches("b") && g.matches("c"))`,
      ),
      /steps; takes at most 50000/,
    ],
    [
      "a rule about nothing",
      withLine("      resources:\n        - secrets\n", ""),
      /spec.rules.1.resources takes resources, or nonResourceURLs/,
    ],
    [
      "resources of no group",
      withLine(
        '      apiGroups:\n        - ""\n      resources:\n        - secrets',
        "      resources:\n        - secrets",
      ),
      /apiGroups takes at least one API group/,
    ],
    [
      "a resource that nothing matches",
      withLine("- secrets", "- secret*"),
      /resources.0 takes pods, pods\/exec/,
    ],
    [
      "exceptions that leave nothing",
      withLine("- secrets", '- secrets\n      exceptResources:\n        - "*"'),
      /exceptResources takes less than resources has/,
    ],
    [
      "a group with its version",
      withLine("- apps", "- apps/v1"),
      /apiGroups.1 takes a group without its version/,
    ],
    ["a length of time that is none", withLine("8h", "8 hours"), /maxDuration takes a length of time/],
    [
      "no rules",
      withLine(ON_CALL.slice(ON_CALL.indexOf("  rules:"), ON_CALL.indexOf("  kubernetes:")), "  rules: []\n"),
      /rules takes at least one rule/,
    ],
    [
      "a list where a mapping is taken",
      withLine("metadata:\n  name: on-call", "metadata:\n  - name: on-call").replace(
        / {2}description: Rep.*\n/,
        "",
      ),
      /metadata takes a mapping/,
    ],
    ["nothing", "  \n", /nothing is written/],
    ["a long text", " ".repeat(MOST_DOCUMENT_CHARACTERS + 1), /at most 56000 characters/],
    ["deep nesting", "[".repeat(50_000), /at most 30 levels/],
    ["a prototype", withLine("kind: Role", "kind: Role\n__proto__: {a: 1}"), /__proto__ no field/],
  ])("%s", (_what, text, message) => {
    expect(refusals(text).join("\n")).toMatch(message);
  });

  test("aliases of aliases, which are a few lines and would be millions", () => {
    const lines = ["a: &a [x, x, x, x, x, x, x, x, x, x]"];
    for (let level = 1; level < 8; level++) {
      const [name, of] = ["abcdefgh"[level], "abcdefgh"[level - 1]];
      lines.push(`${name}: &${name} [${Array(10).fill(`*${of}`).join(", ")}]`);
    }
    expect(refusals(lines.join("\n")).join()).toMatch(/aliases/);
  });
});

test("a group that passes over every check of a cluster is taken with a warning", () => {
  const { document, issues } = readDocument(
    withLine("      - payments\n  recording", "      - system:masters\n  recording"),
  );
  expect(document).not.toBeNull();
  expect(issues).toMatchObject([{ severity: "warning", position: { line: 48 } }]);
});
