import type { DialProblem } from "../../lib/tunnels/protocol/api-server-stream.ts";

/** What the agent counts of the streams that hubs open. */
export class Counters {
  open = 0;
  total = 0;
  readonly refusals = new Map<DialProblem, number>();

  opened(): void {
    this.open++;
    this.total++;
  }

  closed(): void {
    this.open--;
  }

  refused(problem: DialProblem): void {
    this.refusals.set(problem, (this.refusals.get(problem) ?? 0) + 1);
  }
}
