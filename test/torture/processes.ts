import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

/** Ids of the processes that a process's first thread has started itself (proc(5)); none of one that is gone. */
export async function childrenOf(pid: number): Promise<number[]> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8").catch(() => "");
  return children.trim() === "" ? [] : children.trim().split(" ").map(Number);
}

/** Whether a process is there, and is no zombie. */
export async function isAlive(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, "latin1").catch(() => "");
  return stat !== "" && stat.slice(stat.lastIndexOf(")") + 2)[0] !== "Z";
}

const POLL_MS = 50;

/** Waits until something is so. @throws with what was waited for. */
export async function until(
  what: string,
  condition: () => Promise<boolean> | boolean,
  seconds = 90,
): Promise<void> {
  const deadline = performance.now() + seconds * 1_000;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`not within ${seconds} s: ${what}`);
    await sleep(POLL_MS);
  }
}
