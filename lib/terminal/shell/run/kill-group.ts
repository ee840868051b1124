/**
 * Ends a program with all that it started: each runs in a process group of its own. bwrap alone would not do, as what it starts outlives it
 * where it is ended before it has asked the kernel to be followed. A program that has just been started may not have its group yet: then it
 * is ended itself.
 */
export function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  for (const target of [-pid, pid]) {
    try {
      process.kill(target, "SIGKILL");
    } catch (error) {
      // ESRCH: there is none, or it has ended already.
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }
}
