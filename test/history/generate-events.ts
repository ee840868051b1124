import type { NewEvent } from "../../lib/audit/events/record.ts";
import type { Context } from "../../lib/context.ts";
import { CLUSTERS, PEOPLE, type Person } from "./company.ts";
import { createRandom, type Random } from "./random.ts";

/** An event of the console and who caused it. */
export interface PlannedEvent {
  at: number;
  ctx: Context;
  event: NewEvent;
}

const DAY_MS = 86_400_000;
const BROWSERS = [
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
  "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0",
];

const AUDITOR: Person = {
  ...PEOPLE[0]!,
  id: "0193c0de-0000-7000-8000-000000000163",
  name: "Sofia Rossi",
  email: "sofia@acme.example",
  clientIp: "10.20.9.14",
};
const ADMINISTRATOR = PEOPLE.find(({ name }) => name === "Aiko Tanaka")!;
const HUMANS = [...PEOPLE.filter(({ kind }) => kind === "user"), AUDITOR];

function contextOf(person: Person, random: Random): Context {
  const consoleRole = person === AUDITOR ? "auditor" : person === ADMINISTRATOR ? "administrator" : "user";
  return {
    actor: {
      kind: "user",
      id: person.id,
      name: person.name,
      email: person.email,
      consoleRole,
      groups: person.groups,
      groupIds: [],
    },
    sourceIp: person.clientIp,
    userAgent: BROWSERS[[...person.name].length % BROWSERS.length]!,
    requestId: random.uuid(Date.now()),
  };
}

type Maker = (random: Random) => Omit<NewEvent, "happenedAt">;

/** What the administrator does now and then. */
const ADMINISTRATION: readonly Maker[] = [
  () => ({
    action: "Update",
    entityType: "Role",
    entityId: "role-developer",
    entityName: "developer",
    before: {
      name: "developer",
      rules: [{ resources: ["pods", "deployments"], verbs: ["get", "list", "watch", "delete"] }],
    },
    after: {
      name: "developer",
      rules: [{ resources: ["pods", "deployments"], verbs: ["get", "list", "watch", "patch"] }],
    },
  }),
  (random) => {
    const person = random.pick(HUMANS);
    return {
      action: "Create",
      entityType: "AccessGrant",
      entityId: random.uuid(1),
      entityName: `${person.role} for ${person.name}`,
      after: { role: person.role, subject: person.email, namespaces: person.namespaces, expiresAt: null },
    };
  },
  (random) => ({
    action: "Delete",
    operation: "Revoke",
    entityType: "AccessGrant",
    entityId: random.uuid(2),
    entityName: "contractor-search",
    before: { role: "developer", namespaces: ["search"], revokedAt: null },
    after: { role: "developer", namespaces: ["search"], revokedAt: "now" },
  }),
  (random) => {
    const { id, name, endpoint } = random.pick(CLUSTERS);
    const failed = random.chance(0.3);
    return {
      action: "Update",
      entityType: "Cluster",
      entityId: id,
      entityName: name,
      cluster: { id, name, endpoint },
      status: failed ? "Failed" : "Succeeded",
      error: failed ? "the API server does not answer: connect ETIMEDOUT" : null,
      before: { name, tlsServerName: null },
      after: failed ? undefined : { name, tlsServerName: "kubernetes" },
    };
  },
  () => ({
    action: "Update",
    entityType: "Settings",
    entityName: "audit.retention_days",
    before: { value: 60 },
    after: { value: 90 },
  }),
  (random) => ({
    action: "Create",
    entityType: "Applications",
    entityId: random.uuid(3),
    entityName: `siem-${random.text(4)}`,
    after: { consoleRole: "auditor", enabled: true },
  }),
];

/** Makes the console's events of a range, oldest first: sign-ins, tokens, administration, what auditors looked at. */
export function* generateEvents({
  from,
  to,
  seed = 1,
}: {
  from: number;
  to: number;
  seed?: number;
}): Generator<PlannedEvent> {
  const random = createRandom(seed);
  for (let day = from - (from % DAY_MS); day < to; day += DAY_MS) {
    const events = [...eventsOfDay(random, day)].filter(({ at }) => at >= from && at < to);
    yield* events.sort((a, b) => a.at - b.at);
  }
}

function* eventsOfDay(random: Random, day: number): Generator<PlannedEvent> {
  const weekend = [0, 6].includes(new Date(day).getUTCDay());
  for (const person of HUMANS) {
    if (random.chance(weekend ? 0.8 : 0.1)) continue;
    yield* signIns(random, person, day + (6.5 + 3 * random.next()) * 3_600_000);
  }
  if (weekend) return;
  for (let count = random.integer(1, 3); count > 0; count--) {
    const at = day + (8 + 9 * random.next()) * 3_600_000;
    yield planned(random, ADMINISTRATOR, at, random.pick(ADMINISTRATION)(random));
  }
  for (let count = random.integer(2, 6); count > 0; count--) {
    yield planned(random, AUDITOR, day + (8 + 9 * random.next()) * 3_600_000, lookAtAudit(random));
  }
}

function* signIns(random: Random, person: Person, at: number): Generator<PlannedEvent> {
  const login = { action: "Login", entityType: "Login", entityName: "OpenID Connect" } as const;
  if (random.chance(0.08)) {
    const ctx: Context = {
      ...contextOf(person, random),
      actor: { kind: "anonymous", claimed: person.email },
    };
    const error = "the identity provider refused the sign-in: access_denied";
    yield { at, ctx, event: { ...login, status: "Failed", error, happenedAt: new Date(at) } };
  }
  yield planned(random, person, at + 40_000, login);
  if (random.chance(0.3)) {
    const token = { id: random.uuid(at), name: random.pick(["laptop", "workstation", "ci debugging"]) };
    const key = { entityType: "ApiKey", entityId: token.id, entityName: token.name } as const;
    yield planned(random, person, at + 90_000, {
      action: "Create",
      ...key,
      after: { name: token.name, lifetimeDays: 7 },
    });
    if (random.chance(0.3))
      yield planned(random, person, at + 5 * 3_600_000, { action: "Delete", operation: "Revoke", ...key });
  }
  if (random.chance(0.4))
    yield planned(random, person, at + 8 * 3_600_000, { ...login, operation: "Logout" });
}

function lookAtAudit(random: Random): Omit<NewEvent, "happenedAt"> {
  const filter = random.pick([
    'verb = "delete"',
    'resource = "secrets"',
    'result = "failure" AND cluster = "prod-eu-1"',
  ]);
  if (random.chance(0.2)) {
    return {
      action: "Create",
      operation: "Export",
      entityType: "Export",
      entityName: `request-audit-${random.text(4)}.csv`,
      after: { filter, format: "csv" },
    };
  }
  const entityType = random.pick(["RequestAudit", "EventHistory"] as const);
  return { action: "View", operation: "Search", entityType, entityName: filter };
}

function planned(
  random: Random,
  person: Person,
  at: number,
  event: Omit<NewEvent, "happenedAt">,
): PlannedEvent {
  return { at, ctx: contextOf(person, random), event: { ...event, happenedAt: new Date(at) } };
}
