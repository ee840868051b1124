/** `exit`: ends the shell, or the subshell it is in. */
export class ExitRequest extends Error {
  readonly exitCode: number;

  constructor(exitCode: number) {
    super(`exit ${exitCode}`);
    this.exitCode = exitCode;
  }
}

/** `return`: ends the function or sourced script. */
export class ReturnRequest extends Error {
  readonly exitCode: number;

  constructor(exitCode: number) {
    super(`return ${exitCode}`);
    this.exitCode = exitCode;
  }
}

/** `break`: ends so many loops. */
export class BreakRequest extends Error {
  readonly levels: number;

  constructor(levels: number) {
    super("break");
    this.levels = levels;
  }

  outward(): BreakRequest {
    return new BreakRequest(this.levels - 1);
  }
}

/** `continue`: goes on with the next turn of the nth loop. */
export class ContinueRequest extends Error {
  readonly levels: number;

  constructor(levels: number) {
    super("continue");
    this.levels = levels;
  }

  outward(): ContinueRequest {
    return new ContinueRequest(this.levels - 1);
  }
}
