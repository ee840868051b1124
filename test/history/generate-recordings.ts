import { createHash } from "node:crypto";
import type { KubeRequestEntry } from "../../lib/audit/entry/entry.ts";
import type { RecordingEntry } from "../../lib/audit/recordings/schema.ts";
import { generateEntries, type HistoryRange } from "./generate-entries.ts";
import { createRandom, type Random } from "./random.ts";
import { ENDINGS, type PlannedEnd, type PlannedKind, SESSION_KINDS } from "./sessions.ts";

type Told = Omit<RecordingEntry, "no" | "name" | "email" | "clusterName" | "startedAt" | "endedAt">;

/** A recording that is to be stored: as it is told, but with its times in milliseconds, and with who and where as calls have them. */
export interface HistoryRecording extends Told {
  startedAt: number;
  endedAt: number;
  actor: KubeRequestEntry["actor"];
  cluster: KubeRequestEntry["cluster"];
  tokenId: string | null;
}

/** Makes recordings of a range, oldest first: believable sessions of every kind, ended in every way. The same arguments make the same ones. */
export function* generateRecordings(range: HistoryRange): Generator<HistoryRecording> {
  const random = createRandom(range.seed ?? 1);
  const step = (range.to - range.from) / range.count;
  const calls = generateEntries({ ...range, count: range.count * 3 });
  for (let index = 0; index < range.count; index++) {
    const startedAt = Math.round(range.from + step * (index + random.next() / 2));
    const call = { ...nextAllowed(calls), executedAt: startedAt };
    const kind = random.pickWeighted(SESSION_KINDS);
    const end = random.pickWeighted(ENDINGS);
    const longest = Math.max(1, range.to - startedAt - 1);
    const durationMs = Math.min(
      longest,
      Math.round(4 * 3_600_000 * random.next() ** 6) + random.integer(300, 90_000),
    );
    yield makeRecording(random, { call, kind, end, endedAt: startedAt + durationMs });
  }
}

function nextAllowed(calls: Generator<KubeRequestEntry>): KubeRequestEntry {
  for (;;) {
    const { value, done } = calls.next();
    if (done) throw new Error("the history has no more calls that a role allowed");
    if (value.role !== null) return value;
  }
}

/** The recording of a session that `call` opened. */
export function makeRecording(
  random: Random,
  session: { call: KubeRequestEntry; kind: PlannedKind; end: PlannedEnd; endedAt: number },
): HistoryRecording {
  const { call, kind, end, endedAt } = session;
  const isShell = kind.kind === "shell";
  const recordingId = call.recordingId ?? random.uuid(call.executedAt);
  const outputBytes = Math.round(120 + 4_000_000 * random.next() ** 5);
  return {
    startedAt: call.executedAt,
    endedAt,
    durationMs: endedAt - call.executedAt,
    result: end.result,
    ending: end.ending,
    message: end.message,
    exitCode: end.exitCode,
    actor: call.actor,
    cluster: call.cluster,
    namespace: isShell ? null : (call.namespace ?? "payments"),
    pod: isShell ? null : (call.resourceName ?? `api-${random.text(5)}`),
    container: kind.container,
    kind: kind.kind,
    commandLine: kind.commandLine,
    tty: kind.tty,
    role: isShell ? null : call.role,
    clientIp: call.clientIp,
    clientName: isShell ? null : call.clientName,
    accessMethod: isShell ? "Browser" : "CLI",
    outputBytes,
    commands: kind.tty === "no" || random.chance(0.05) ? null : Math.ceil(outputBytes ** 0.35 / 4),
    bytesIn: random.chance(0.1) ? null : random.integer(20, 3_000),
    bytesOut: random.chance(0.1) ? null : Math.round(outputBytes * 1.02),
    storedBytes: Math.round(outputBytes / 6) + 90,
    inputRecorded: random.chance(0.2) ? "yes" : "no",
    protocol: isShell ? null : random.pick(["v5.channel.k8s.io", "v4.channel.k8s.io", "SPDY/3.1"]),
    recordingId,
    auditId: isShell ? null : call.callId,
    sessionId: call.sessionId,
    tokenId: null,
    chunks: Math.ceil(outputBytes / 40_000) + 1,
    lastHash: createHash("sha256").update(recordingId).digest("hex"),
    projects: call.projects,
    departments: call.departments,
    nodePools: call.nodePools,
  };
}
