import { readdirSync, readFileSync } from "node:fs";

const TICK_MICROSECONDS = 10_000;
/** From Node 24 on threads have names; those of the threads that collect garbage and compile are numbered by nobody. */
export type ThreadTimes = ReadonlyMap<string, number>;

/** Microseconds of CPU so far, by the name of the thread (proc(5), in ticks of 10 ms); none of a process that is gone. */
export function threadTimes(pids: readonly number[]): ThreadTimes {
  const times = new Map<string, number>();
  for (const pid of pids) {
    for (const task of tasksOf(pid)) {
      const stat = readStat(`/proc/${pid}/task/${task}/stat`);
      if (stat) times.set(stat.name, (times.get(stat.name) ?? 0) + stat.microseconds);
    }
  }
  return times;
}

/** What was used between two looks. */
export function threadsBetween(before: ThreadTimes, after: ThreadTimes): ThreadTimes {
  return new Map([...after].map(([name, time]) => [name, Math.max(0, time - (before.get(name) ?? 0))]));
}

/** The largest first: `MainThread 61, WorkerThread 12`. */
export function formatThreads(times: ThreadTimes, calls: number): string {
  const perCall = [...times].map(([name, time]) => ({ name, time: time / calls }));
  return perCall
    .filter(({ time }) => time >= 0.5)
    .sort((a, b) => b.time - a.time)
    .map(({ name, time }) => `${name} ${time.toFixed(0)}`)
    .join(", ");
}

function tasksOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

function readStat(file: string): { name: string; microseconds: number } | null {
  try {
    const text = readFileSync(file, "latin1");
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    const name = text.slice(text.indexOf("(") + 1, text.lastIndexOf(")"));
    return { name, microseconds: (Number(fields[11]) + Number(fields[12])) * TICK_MICROSECONDS };
  } catch {
    return null;
  }
}
