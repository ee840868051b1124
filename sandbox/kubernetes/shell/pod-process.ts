import type { TerminalSize } from "../../../lib/wire/channel-protocol.ts";
import type { BytePipe } from "./byte-pipe.ts";

/** A process in a container as a stream session sees it: three byte streams, a size, an end. */
export interface PodProcess {
  /** Written by the session; `end()` is end of file. Writes wait while the process does not read. */
  readonly stdin: BytePipe;
  /** Read by the session; ends when the process does. */
  readonly stdout: BytePipe;
  /** Read by the session; ends when the process does. With a terminal it is empty from the start. */
  readonly stderr: BytePipe;
  /** The exit code; 128 + signal where a signal ended it. Never rejects. */
  readonly exit: Promise<number>;
  /** The client's terminal has this size; without a terminal it does nothing. */
  resize(size: TerminalSize): void;
  /** The session is gone: SIGHUP to a process of `exec`; an attached main process goes on without it. */
  hangUp(): void;
}

/** What the container runtime answers where a command cannot even be started; the text is runc's. */
export class ExecStartError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "ExecStartError";
  }
}
