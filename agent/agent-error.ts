/**
 * An expected failure. The message is one line that says what failed and what to do next, and holds no secret. `final`: trying again
 * changes nothing, so that the program ends.
 */
export class AgentError extends Error {
  readonly final: boolean;

  constructor(message: string, { final = false, cause }: { final?: boolean; cause?: unknown } = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "AgentError";
    this.final = final;
  }
}
