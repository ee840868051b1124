/**
 * Ends a program with all that it started: each runs in a process group of its own. bwrap alone would not do, as what it starts outlives it
 * where it is ended before it has asked the kernel to be followed.
 */
export function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    // ESRCH: it has ended already.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
