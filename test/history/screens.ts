import type { CastEvent } from "../../lib/recordings/cast/cast-event.ts";
import type { HistoryRecording } from "./generate-recordings.ts";
import type { Random } from "./random.ts";

interface Typed {
  line: string;
  shows: readonly string[];
}

/** What people type in pods, and what they see of it. */
const TYPED: readonly Typed[] = [
  { line: "ls", shows: ["bin  config  data  logs  server"] },
  { line: "cd /app && ls logs", shows: ["access.log  error.log"] },
  {
    line: "ps aux --sort=-%mem | head -3",
    shows: [
      "USER         PID %CPU %MEM     RSS COMMAND",
      "app            1 38.2 21.4 1758432 /app/server --config /etc/config/app.yaml",
      "app           44  0.3  1.1   92114 /app/server worker --queue ledger",
    ],
  },
  { line: "ss -tn | grep -c 5432", shows: ["97"] },
  {
    line: "curl -s localhost:8080/healthz",
    shows: ['{"status":"degraded","database":"acquire timeout after 3000 ms","queue":"ok"}'],
  },
  {
    line: "tail -n 4 logs/error.log",
    shows: [
      "16:21:02 \u001b[31mERROR\u001b[0m pool: acquire timeout after 3000 ms (size=20 waiting=137)",
      "16:21:02 \u001b[31mERROR\u001b[0m POST /v1/charges 503 3004 ms",
      '16:21:03 \u001b[33mWARN\u001b[0m  circuit "ledger" open, retry in 15 s',
      "16:21:05 \u001b[31mERROR\u001b[0m pool: acquire timeout after 3000 ms (size=20 waiting=141)",
    ],
  },
  {
    line: 'psql -c "select count(*), state from pg_stat_activity group by state"',
    shows: [
      " count |        state",
      "-------+---------------------",
      "    97 | idle in transaction",
      "     3 | active",
      "(2 rows)",
    ],
  },
  { line: "kill -HUP 1", shows: [] },
  {
    line: "df -h /data",
    shows: [
      "Filesystem      Size  Used Avail Use% Mounted on",
      "/dev/vdb         98G   91G  7.0G  93% /data",
    ],
  },
  { line: "env | grep -c DATABASE", shows: ["3"] },
  { line: "cat /etc/config/app.yaml | head -3", shows: ["server:", "  port: 8080", "  workers: 4"] },
  { line: "rm -rf /data/cache/old", shows: [] },
];
const SIZE = "112x32";

/** What was recorded of a session, as long as the session was: with a terminal commands and what they show, else a file. */
export function* screenOf(random: Random, recording: HistoryRecording): Generator<CastEvent> {
  const { durationMs, tty, exitCode } = recording;
  if (tty === "yes") yield* terminalOf(random, recording);
  else yield { atMs: Math.min(40, durationMs), code: "o", data: "server:\n  port: 8080\n  workers: 4\n" };
  if (exitCode !== null) yield { atMs: durationMs, code: "x", data: String(exitCode) };
}

function* terminalOf(random: Random, { durationMs, pod }: HistoryRecording): Generator<CastEvent> {
  const prompt = `\u001b[32mroot@${pod ?? "shell"}\u001b[0m:\u001b[34m/app\u001b[0m# `;
  const count = Math.min(12, 1 + Math.floor(durationMs / 8_000));
  yield { atMs: 0, code: "r", data: SIZE };
  yield { atMs: 0, code: "o", data: prompt };
  for (let index = 0; index < count; index++) {
    const { line, shows } = random.pick(TYPED);
    const at = (share: number) => Math.round((durationMs * (index + share)) / count);
    const half = Math.ceil(line.length / 2);
    yield { atMs: at(0.3), code: "o", data: line.slice(0, half) };
    yield { atMs: at(0.5), code: "o", data: `${line.slice(half)}\r\n` };
    yield { atMs: at(0.6), code: "o", data: `${[...shows, prompt].join("\r\n")}` };
  }
}
