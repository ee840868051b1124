import type { Program } from "../process-context.ts";

/** Programs that people reach for and that a sandbox without screens, packages and networks cannot have. */
export const unavailable: Program = (process) => process.fail("not available in this sandbox container");

/** Shows its input without stopping at each page. */
export const pager: Program = (process) =>
  process.container.run(process, ["cat", ...process.args.filter((arg) => !arg.startsWith("-"))]);
