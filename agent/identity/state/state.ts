import type { Kept } from "../identity.ts";

/** Where an agent's identity is kept. */
export interface State {
  /** Names the place in messages. */
  readonly place: string;
  /** What is there, and the version that a write has to name. @throws AgentError where it cannot be read. */
  read(): Promise<{ kept: Kept; version: string }>;
  /** Writes all of it. @returns false where it is another version by now: somebody else wrote. @throws AgentError. */
  write(kept: Kept, version: string): Promise<boolean>;
}
