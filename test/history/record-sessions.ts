import type { KubeRequestEntry } from "../../lib/audit/entry/entry.ts";
import { type HistoryRecording, makeRecording } from "./generate-recordings.ts";
import { createRandom, type Random } from "./random.ts";
import { ENDINGS, type PlannedEnd, type PlannedKind, SESSION_KINDS } from "./sessions.ts";

const SHELL = SESSION_KINDS.find(({ kind }) => kind === "shell")!;
const IN_PODS = SESSION_KINDS.filter(({ kind }) => kind !== "shell");
const MINUTE_MS = 60_000;

interface Opened {
  call: KubeRequestEntry;
  kind: PlannedKind;
  end: PlannedEnd;
}

/**
 * A history of calls as it is where sessions are recorded: those of pods/exec have a kind, an end and a recording, which both rows name; and now and
 * then somebody has used the web shell. Recordings are in the order of their ends.
 */
export function recordSessions(
  calls: Iterable<KubeRequestEntry>,
  { latest, seed }: { latest: number; seed: number },
): { entries: KubeRequestEntry[]; recordings: HistoryRecording[] } {
  const random = createRandom(seed);
  const opened = new Map<string, Opened>();
  const entries: KubeRequestEntry[] = [];
  const recordings: HistoryRecording[] = [];
  for (const call of calls) {
    if (call.resource !== "pods/exec" || call.result === "failure") {
      entries.push(call);
      if (call.accessMethod === "Browser" && random.chance(0.05))
        recordings.push(webShell(random, call, latest));
    } else if (call.stage === "start") {
      const session = open(random, call);
      opened.set(call.callId, session);
      entries.push(session.call);
    } else {
      const session = opened.get(call.callId);
      entries.push(session ? ended(session, call) : call);
      if (session) recordings.push(makeRecording(random, { ...session, endedAt: call.executedAt }));
    }
  }
  return { entries, recordings: recordings.toSorted((a, b) => a.endedAt - b.endedAt) };
}

function open(random: Random, call: KubeRequestEntry): Opened {
  const kind = random.pickWeighted(IN_PODS);
  const recordingId = random.uuid(call.executedAt);
  return { call: { ...call, ...asCalled(call, kind), recordingId }, kind, end: random.pickWeighted(ENDINGS) };
}

function asCalled({ resourceName, command }: KubeRequestEntry, { kind, command: typed }: PlannedKind) {
  const attached = kind === "attach" || kind === "debug" || kind === "run";
  return {
    resource: attached ? "pods/attach" : "pods/exec",
    command: command && typed.replace("%n", resourceName ?? ""),
  };
}

function ended({ call, kind, end }: Opened, last: KubeRequestEntry): KubeRequestEntry {
  const { result, exitCode, message } = end;
  const broken = { recordingId: call.recordingId, result, exitCode, message: message ?? last.message };
  return { ...last, ...asCalled(last, kind), ...broken };
}

function webShell(random: Random, call: KubeRequestEntry, latest: number): HistoryRecording {
  const endedAt = Math.min(latest, call.executedAt + random.integer(2, 40) * MINUTE_MS);
  return makeRecording(random, { call, kind: SHELL, end: ENDINGS[0]!, endedAt });
}
