/** What the program ends with. Scripts rely on it: docs/cli.md has the same table. */
export const EXIT_CODES = {
  done: 0,
  /** The answer is no, or the installation refused what was asked. */
  refused: 1,
  /** The command line is not understood. */
  usage: 2,
  notSignedIn: 3,
  /** The installation cannot be reached, or its certificate is not trusted. */
  unreachable: 4,
  /** The installation was reached and failed, or asks to wait. */
  failed: 5,
  interrupted: 130,
} as const;

export type ExitReason = keyof typeof EXIT_CODES;

/** An expected failure. The message says what happened and what to do next, and never holds a secret. */
export class Failure extends Error {
  readonly reason: ExitReason;

  constructor(reason: ExitReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "Failure";
    this.reason = reason;
  }

  get exitCode(): number {
    return EXIT_CODES[this.reason];
  }
}
