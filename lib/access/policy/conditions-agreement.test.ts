import { BlockList, isIPv4 } from "node:net";
import { expect, test } from "vitest";
import fc from "../../../test/properties.ts";
import type { Actor } from "../../context.ts";
import { compileDecisionTable, type GrantRow } from "./compile.ts";
import type { DecisionInput } from "./decision.ts";
import { evaluateDecision } from "./evaluate.ts";
import { compileWindow } from "./hours.ts";
import type { Labels } from "./labels.ts";
import { DEFAULT_RECORDING, type LabelPatterns, PolicyRule } from "./schema.ts";

// Clusters, labels and circumstances of rules against a reading that compiles nothing and knows no standing: each moment by itself.

const MINUTE = 60_000;
const ALICE: Actor = {
  kind: "user",
  id: "alice",
  name: "Alice",
  email: "alice@acme.example",
  consoleRole: "user",
  groups: ["dev", "on-call"],
  groupIds: [],
};

const naiveMatches = (pattern: string, text: string) =>
  new RegExp(`^${pattern.replace(/[.\\/]/g, "\\$&").replaceAll("*", ".*")}$`, "s").test(text);

function naiveLabels(wanted: LabelPatterns, labels: Labels | null, whenUnknown: boolean): boolean {
  if (Object.keys(wanted).length > 0 && labels === null) return whenUnknown;
  return Object.entries(wanted).every(([key, values]) =>
    [values].flat().some((value) => labels?.[key] !== undefined && naiveMatches(value, labels[key])),
  );
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** What a wall clock of the zone shows. */
function naiveWall(time: number, timeZone: string): { day: number; minute: number } {
  const shown = { weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
  const clock = clocks.get(timeZone) ?? new Intl.DateTimeFormat("en-GB", { timeZone, ...shown });
  clocks.set(timeZone, clock);
  const [weekday = "", hourAndMinute = ""] = clock.format(time).split(" ");
  const day = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].indexOf(weekday.replace(",", ""));
  return { day, minute: minutes(hourAndMinute) };
}

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
const minutes = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));

type When = NonNullable<PolicyRule["when"]>;

function naiveWindow({ hours, weekdays, timeZone = "UTC" }: When, time: number): boolean {
  const { day, minute } = naiveWall(time, timeZone);
  const isOn = (which: number) => weekdays === undefined || weekdays.includes(DAYS[which]!);
  if (hours === undefined) return isOn(day);
  const [from, to] = [minutes(hours.from), minutes(hours.to)];
  if (from < to) return isOn(day) && minute >= from && minute < to;
  return (isOn(day) && minute >= from) || (isOn((day + 6) % 7) && minute < to);
}

function naiveNetworks(networks: readonly string[], address: string): boolean {
  const list = new BlockList();
  for (const network of networks) {
    const [host = "", bits] = network.split("/");
    const family = isIPv4(host) ? "ipv4" : "ipv6";
    if (bits === undefined) list.addAddress(host, family);
    else list.addSubnet(host, Number(bits), family);
  }
  return list.check(address, isIPv4(address) ? "ipv4" : "ipv6");
}

/** Expressions with what they mean; null: they fail. */
const EXPRESSIONS: Record<string, (input: DecisionInput) => boolean | null> = {
  '"on-call" in user.groups && request.verb == "get"': ({ attributes }) => attributes.verb === "get",
  'cluster.labels.env == "prod"': ({ cluster }) =>
    cluster.labels?.env === undefined ? null : cluster.labels.env === "prod",
  'request.namespaceLabels["team"].matches("^pay")': ({ namespaceLabels }) =>
    namespaceLabels?.team === undefined ? null : namespaceLabels.team.startsWith("pay"),
  "now.getMinutes() < 5": ({ circumstances }) => new Date(circumstances.time).getUTCMinutes() < 5,
};

function naiveWhen(when: When, input: DecisionInput, whenUnknown: boolean): boolean {
  const { time, clientAddress, accessMethod, secondFactorAt } = input.circumstances;
  const { networks, accessMethods, secondFactorWithin, expression } = when;
  const within = secondFactorWithin === undefined ? 0 : Number.parseInt(secondFactorWithin, 10) * MINUTE;
  return (
    (networks === undefined ||
      (clientAddress === null ? whenUnknown : naiveNetworks(networks, clientAddress))) &&
    (accessMethods === undefined || accessMethods.includes(accessMethod)) &&
    (secondFactorWithin === undefined || (secondFactorAt !== null && time - secondFactorAt < within)) &&
    ((when.hours === undefined && when.weekdays === undefined) || naiveWindow(when, time)) &&
    (expression === undefined || (EXPRESSIONS[expression]!(input) ?? whenUnknown))
  );
}

function naiveRule(rule: PolicyRule, input: DecisionInput): boolean {
  const denies = rule.effect === "deny";
  const { cluster, attributes } = input;
  const everywhere = attributes.namespace === "";
  const inNamespace = everywhere
    ? denies && attributes.verb === "list"
    : (rule.namespaces.length === 0 ||
        rule.namespaces.some((each) => naiveMatches(each, attributes.namespace))) &&
      naiveLabels(rule.namespaceLabels, input.namespaceLabels ?? null, denies);
  const asksNamespace = rule.namespaces.length > 0 || Object.keys(rule.namespaceLabels).length > 0;
  return (
    rule.verbs.includes(attributes.verb) &&
    (!asksNamespace || inNamespace) &&
    (rule.clusters.length === 0 || rule.clusters.some((each) => naiveMatches(each, cluster.name))) &&
    naiveLabels(rule.clusterLabels, cluster.labels ?? null, denies) &&
    (rule.when === undefined || naiveWhen(rule.when, input, denies))
  );
}

function naiveAllows(rules: readonly PolicyRule[], input: DecisionInput): boolean {
  const holds = (effect: PolicyRule["effect"]) =>
    rules.some((rule) => rule.effect === effect && naiveRule(rule, input));
  return holds("allow") && !holds("deny");
}

const ZONES = ["Europe/Berlin", "UTC", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kolkata"];
/** About the moments at which clocks of these zones are set, midnights and the hours of the rules. */
const TIMES = [
  "2026-03-29T01:00Z",
  "2026-10-25T01:00Z",
  "2026-04-04T15:00Z",
  "2026-11-01T04:30Z",
  "2026-11-27T23:00Z",
];
const time = fc
  .tuple(fc.constantFrom(...TIMES.map((text) => Date.parse(text))), fc.integer({ min: -3_000, max: 3_000 }))
  .map(([at, minute]) => at + minute * MINUTE);
const clock = fc.constantFrom("00:00", "01:00", "02:30", "03:00", "08:00", "22:15", "23:59");
const hours = fc
  .record({ from: clock, to: fc.oneof(clock, fc.constant("24:00")) })
  .filter(({ from, to }) => from !== to && !(from === "00:00" && to === "24:00"));
const weekdays = fc.uniqueArray(fc.constantFrom(...DAYS), { minLength: 1, maxLength: 4 });
const labels = fc.option(
  fc.record(
    { env: fc.constantFrom("prod", "prod-eu", "test"), team: fc.constantFrom("payments", "web") },
    { requiredKeys: [] },
  ),
);
const wanted = fc.oneof(
  { weight: 3, arbitrary: fc.constant({}) },
  fc.constantFrom(
    { env: "prod*" },
    { env: ["test", "prod"] },
    { team: "*", env: "prod" },
    { team: "pay*ts" },
  ),
);
const conditions: { [K in keyof When]: fc.Arbitrary<NonNullable<When[K]>> } = {
  networks: fc.constantFrom(["10.0.0.0/8"], ["192.0.2.7", "2001:db8::/33"], ["0.0.0.0/0"], ["::/0"]),
  hours,
  weekdays,
  accessMethods: fc.constantFrom<["CLI" | "Browser"]>(["CLI"], ["Browser"]),
  secondFactorWithin: fc.constantFrom("15m", "90m"),
  expression: fc.constantFrom(...Object.keys(EXPRESSIONS)),
};
const when = fc
  .subarray(Object.keys(conditions) as (keyof typeof conditions)[], { minLength: 1, maxLength: 2 })
  .chain((names) =>
    fc.record({
      ...Object.fromEntries(names.map((name) => [name, conditions[name] as fc.Arbitrary<unknown>])),
      timeZone: fc.constantFrom(...ZONES),
    }),
  );
const rule = fc
  .record({
    effect: fc.constantFrom("allow", "allow", "allow", "deny"),
    apiGroups: fc.constant([""]),
    resources: fc.constant(["pods"]),
    verbs: fc.constantFrom(["get"], ["list"], ["get", "list"]),
    clusters: fc.constantFrom([], [], ["prod"], ["p*d"], ["*-eu", "prod-*-2"]),
    clusterLabels: wanted,
    namespaces: fc.constantFrom([], [], ["shop"], ["s*p*", "x"]),
    namespaceLabels: wanted,
    when: fc.option(when, { nil: undefined }),
  })
  .map((each) => PolicyRule.parse(each));
const question: fc.Arbitrary<DecisionInput> = fc
  .record({
    cluster: fc.constantFrom("prod", "prod-eu", "prod-a-2", "test"),
    labels,
    namespaceLabels: labels,
    verb: fc.constantFrom("get", "list"),
    namespace: fc.constantFrom("shop", "snap", "", "other"),
    time,
    clientAddress: fc.constantFrom(null, "10.1.2.3", "192.0.2.7", "2001:db8:7fff::1", "2001:db8:8000::1"),
    accessMethod: fc.constantFrom<"CLI" | "Browser">("CLI", "Browser"),
    secondFactor: fc.option(fc.integer({ min: 0, max: 100 })),
  })
  .map((given) => ({
    actor: ALICE,
    cluster: { id: "c1", name: given.cluster, labels: given.labels },
    namespaceLabels: given.namespace === "" ? null : given.namespaceLabels,
    attributes: {
      ...{ isResourceRequest: true, path: "/", apiGroup: "", resource: "pods", subresource: "", name: "" },
      ...{ verb: given.verb, namespace: given.namespace },
    },
    circumstances: {
      ...{ time: given.time, clientAddress: given.clientAddress, accessMethod: given.accessMethod },
      ...{ sessionKind: null },
      secondFactorAt: given.secondFactor === null ? null : given.time - given.secondFactor * MINUTE,
    },
    impersonation: null,
  }));

const rowOf = (rules: PolicyRule[]): GrantRow => ({
  ...{
    grantId: "g",
    subjectKind: "user",
    subject: "alice",
    clusterId: null,
    namespaces: [],
    expiresAt: null,
  },
  role: {
    ...{ id: "r", name: "r", rules, kubernetesGroups: [], impersonateUsers: [], impersonateGroups: [] },
    recording: DEFAULT_RECORDING,
  },
});

test("rules with conditions decide as a plain reading of them does, and as long as the decision says", () => {
  let [allowed, bounded] = [0, 0];
  fc.assert(
    fc.property(
      fc.array(rule, { minLength: 1, maxLength: 4 }),
      question,
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 }),
      (rules, input, later) => {
        const table = compileDecisionTable([rowOf(rules)]);
        const decision = evaluateDecision(table, input);
        expect(decision.allowed).toBe(naiveAllows(rules, input));
        if (!decision.allowed) return;
        allowed += 1;
        const { time: now } = input.circumstances;
        expect(decision.until).toBeGreaterThan(now);
        if (Number.isFinite(decision.until)) bounded += 1;
        const last = Math.min(decision.until - 1, now + 8 * 86_400_000);
        for (const at of [last, ...later.map((part) => Math.floor(now + part * (last - now)))]) {
          const circumstances = { ...input.circumstances, time: at };
          expect(naiveAllows(rules, { ...input, circumstances })).toBe(true);
          expect(evaluateDecision(table, { ...input, circumstances }).allowed).toBe(true);
        }
      },
    ),
    { numRuns: 2_000 },
  );
  expect(allowed).toBeGreaterThan(150);
  expect(bounded).toBeGreaterThan(50);
});

test("hours and weekdays hold at the minutes that wall clocks show, across the days on which clocks are set", () => {
  fc.assert(
    fc.property(
      fc.option(hours),
      fc.option(weekdays),
      fc.constantFrom(...ZONES),
      fc.array(time, { minLength: 4, maxLength: 4 }),
      (given, days, timeZone, times) => {
        if (given === null && days === null) return;
        const standingAt = compileWindow({ hours: given, weekdays: days, timeZone });
        const naive = (at: number) =>
          naiveWindow({ hours: given ?? undefined, weekdays: days ?? undefined, timeZone }, at);
        for (const at of times) {
          const { holds, since, until } = standingAt(at);
          expect(since).toBeLessThanOrEqual(at);
          expect(until).toBeGreaterThan(at);
          for (const moment of [at, since, until - 1, Math.floor((since + until) / 2)])
            expect(naive(moment)).toBe(holds);
        }
      },
    ),
    { numRuns: 600 },
  );
});
