import { readdirSync, readFileSync } from "node:fs";

/** Processor time of this process's threads of a name, microseconds (schedstat's first field is nanoseconds: Linux, sched-stats.rst). */
export function threadMicroseconds(name: string): number {
  const threads = readdirSync("/proc/self/task").map((id) => `/proc/self/task/${id}`);
  return sum(
    threads.map((thread) => (read(`${thread}/comm`)?.trim() === name ? runMicroseconds(thread) : 0)),
  );
}

/** Processor time of a process and of its children that live, microseconds. */
export function familyMicroseconds(pid: number): number {
  const folders = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  const family = folders.filter((name) => Number(name) === pid || parentOf(name) === pid);
  return sum(family.map((name) => runMicroseconds(`/proc/${name}`)));
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const runMicroseconds = (folder: string): number =>
  Number(read(`${folder}/schedstat`)?.split(" ")[0] ?? 0) / 1_000;

/** proc(5): the second field after the name, which is in brackets and may hold anything. */
const parentOf = (pid: string): number =>
  Number(read(`/proc/${pid}/stat`)?.split(") ").at(-1)?.split(" ")[1]);

/** Null for what has ended meanwhile. */
function read(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}
