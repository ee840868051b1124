import type { DialProblem, DialRefusal } from "../protocol/api-server-stream.ts";

/** Why an agent gave no stream: what it answered, or that its connection ended meanwhile. */
export class DialError extends Error {
  override name = "DialError";
  /** As Node's sockets have it, for what callers are told. */
  readonly code: string;
  /** What the agent said; `lost`: its connection ended before it said anything. */
  readonly problem: DialProblem | "lost";
  readonly agent: string;

  constructor(
    agent: string,
    { problem, code, message }: Omit<DialRefusal, "problem"> & { problem: DialError["problem"] },
  ) {
    super(message);
    this.agent = agent;
    this.problem = problem;
    this.code = code ?? "EHOSTUNREACH";
  }

  static lost(agent: string): DialError {
    return new DialError(agent, {
      problem: "lost",
      code: "ECONNRESET",
      message: "the agent's connection ended",
    });
  }
}
