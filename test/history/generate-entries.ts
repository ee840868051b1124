import { createHash } from "node:crypto";
import { ABSENT_FIELDS, type KubeRequestEntry } from "../../lib/audit/entry/entry.ts";
import { activityAt, activityBetween } from "./activity.ts";
import { COMMANDS, type Command, type PlannedCall } from "./commands.ts";
import { API_GROUPS, CLUSTERS, type CompanyCluster, OBJECTS, PEOPLE, type Person } from "./company.ts";
import { createRandom, type Random } from "./random.ts";

export interface HistoryRange {
  /** How many entries. */
  count: number;
  /** Milliseconds since the epoch; entries are spread over the range, more in working hours. */
  from: number;
  to: number;
  seed?: number;
  people?: readonly Person[];
  clusters?: readonly CompanyCluster[];
}

/** What a command is run with. */
interface Run {
  random: Random;
  person: Person;
  cluster: CompanyCluster;
  namespace: string;
  command: Command;
  sessionId: string;
  denied: boolean;
}

/**
 * Makes believable entries in the order of their journal: commands of a small company and the calls they become, sessions with
 * both rows, failures, refusals and bodies. The same arguments make the same entries.
 */
export function* generateEntries(range: HistoryRange): Generator<KubeRequestEntry> {
  const random = createRandom(range.seed ?? 1);
  const people = range.people ?? PEOPLE;
  const clusters = range.clusters ?? CLUSTERS;
  /** Ends of sessions that are still to come, earliest first. */
  const pending: KubeRequestEntry[] = [];
  let made = 0;
  for (let time = range.from; made < range.count; ) {
    time += pause(random, time, { to: range.to, left: range.count - made });
    time = Math.min(time, range.to);
    while (pending.length > 0 && pending[0]!.executedAt <= time && made < range.count) {
      made += 1;
      yield pending.shift()!;
    }
    for (const planned of runCommand(planRun(random, people, clusters, time), time)) {
      const entry = { ...planned, executedAt: Math.min(planned.executedAt, range.to) };
      if (made >= range.count) return;
      if (entry.stage === "end" && entry.executedAt < range.to) insertByTime(pending, entry);
      if (entry.stage === "end") continue;
      made += 1;
      time = entry.executedAt;
      yield entry;
    }
  }
}

/** As the commands of `commands.ts` come out on average. */
const CALLS_A_COMMAND = 1.32;

/** Time to the next command, so that those to come fill what is left of the range as evenly as people work. */
function pause(random: Random, time: number, { to, left }: { to: number; left: number }): number {
  const mean = (activityBetween(time, to) / left) * CALLS_A_COMMAND;
  return (-Math.log(1 - random.next()) * mean) / activityAt(time);
}

function insertByTime(entries: KubeRequestEntry[], entry: KubeRequestEntry): void {
  const index = entries.findIndex(({ executedAt }) => executedAt > entry.executedAt);
  entries.splice(index < 0 ? entries.length : index, 0, entry);
}

function planRun(
  random: Random,
  people: readonly Person[],
  clusters: readonly CompanyCluster[],
  time: number,
): Run {
  const person = random.pickWeighted(people);
  const own = clusters.filter(({ name }) => person.clusters.includes(name));
  return {
    random,
    person,
    cluster: random.pick(own.length > 0 ? own : clusters),
    namespace: random.pick(person.namespaces),
    command: random.pickWeighted(COMMANDS),
    sessionId: random.uuid(Math.round(time)),
    denied: random.chance(person.denied),
  };
}

function* runCommand(run: Run, startedAt: number): Generator<KubeRequestEntry> {
  const kind = run.command.calls.at(-1)!.resource.split("/")[0]!;
  const object = run.random.pick(OBJECTS[kind] ?? ["default"]);
  const name = kind === "pods" ? podName(run, object, startedAt) : object;
  let time = Math.round(startedAt);
  for (const call of run.command.calls) {
    const entry = makeEntry(run, call, name, time);
    if (!call.session || entry.result === "failure") yield entry;
    else yield* sessionEntries(run, call.session, entry);
    time += (entry.durationMs ?? 0) + run.random.integer(1, 40);
    if (entry.result === "failure") return;
  }
}

/** Deployments have a few pods each, which live for a day. */
function podName({ random, cluster }: Run, replicaSet: string, time: number): string {
  const day = Math.floor(time / 86_400_000);
  const seed =
    [...cluster.name, ...replicaSet].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), day) | 0;
  return `${replicaSet}-${createRandom(seed + random.integer(0, 5)).text(5)}`;
}

function* sessionEntries(
  { random }: Run,
  session: NonNullable<PlannedCall["session"]>,
  entry: KubeRequestEntry,
): Generator<KubeRequestEntry> {
  yield { ...entry, stage: "start", message: session.start, durationMs: null, bytesIn: null, bytesOut: null };
  const durationMs = Math.round(session.maxMs * random.next() ** 3) + 400;
  const exitCode = entry.resource === "pods/exec" ? 0 : null;
  const bytesOut = random.integer(200, 90_000);
  const executedAt = entry.executedAt + durationMs;
  yield { ...entry, stage: "end", executedAt, message: session.end, durationMs, exitCode, bytesOut };
}

const CLUSTER_SCOPED = new Set(["nodes", "/version"]);

function makeEntry(run: Run, call: PlannedCall, name: string, time: number): KubeRequestEntry {
  const { random, person, cluster } = run;
  const outcome = outcomeOf(run, call, name);
  const human = person.kind === "user";
  const scoped = !CLUSTER_SCOPED.has(call.resource);
  const resourceName = call.named ? name : null;
  const body = call.body?.(name, random);
  const [clientName] = person.client.split(" ");
  return {
    ...ABSENT_FIELDS,
    callId: random.uuid(time),
    stage: "complete",
    executedAt: time,
    result: outcome.httpStatus >= 400 ? "failure" : "success",
    actor: { kind: person.kind, id: person.id, name: person.name, email: person.email },
    clientIp: person.clientIp,
    cluster: { id: cluster.id, name: cluster.name, endpoint: cluster.endpoint },
    role: outcome.denied ? null : person.role,
    namespace: scoped ? run.namespace : null,
    verb: call.verb,
    apiGroup: API_GROUPS[call.resource.split("/")[0]!] ?? null,
    resource: call.resource,
    resourceName,
    message: outcome.message,
    httpStatus: outcome.httpStatus,
    durationMs: outcome.denied ? random.integer(3, 9) : random.integer(12, 160),
    bytesIn: body ? Buffer.byteLength(body) : 0,
    bytesOut: outcome.httpStatus >= 400 ? 214 : random.integer(300, 24_000),
    kubernetesGroups: outcome.denied ? [] : person.groups,
    clientName: clientName!,
    userAgent: `${clientName} (linux/amd64) kubernetes/0f1d105`,
    accessMethod: human && random.chance(0.06) ? "Browser" : "CLI",
    command: human ? run.command.line.replace("%n", name) : null,
    sessionId: human ? run.sessionId : null,
    tunnelAgent: cluster.tunnelAgent,
    tunnelTag: cluster.tunnelTag,
    body: body ? keptBody(body) : null,
  };
}

function outcomeOf(run: Run, call: PlannedCall, name: string) {
  const [resource] = call.resource.split("/");
  const qualified = API_GROUPS[resource!] ? `${resource}.${API_GROUPS[resource!]}` : resource;
  if (run.denied && (call.verb !== "list" || call.resource === "nodes")) {
    const where = `role ${run.person.role} does not allow ${call.verb} in ${run.namespace}`;
    return { denied: true, httpStatus: 403, message: `${qualified} "${name}" is forbidden: ${where}` };
  }
  if (call.named && call.verb === "get" && run.random.chance(0.03)) {
    return { denied: false, httpStatus: 404, message: `${qualified} "${name}" not found` };
  }
  if (call.verb === "patch" && run.random.chance(0.04)) {
    const message = `Operation cannot be fulfilled on ${qualified} "${name}": the object has been modified; please apply your changes to the latest version and try again`;
    return { denied: false, httpStatus: 409, message };
  }
  const httpStatus = call.resource.startsWith("pods/") && call.session ? 101 : 200;
  return {
    denied: false,
    httpStatus: call.verb === "create" && !call.session ? 201 : httpStatus,
    message: null,
  };
}

function keptBody(text: string): NonNullable<KubeRequestEntry["body"]> {
  const sha256 = createHash("sha256").update(text).digest("hex");
  return { text, truncated: false, bytes: Buffer.byteLength(text), sha256 };
}
