import { availableParallelism } from "node:os";

/**
 * How Node runs server.ts. V8 lets the space for new objects grow to 96 MB, whatever lives in it; an export of a million rows fills it all
 * while less than 5 MB are in use. 48 MB (three times 16) cost such an export no time. On a single processor the threads that collect
 * garbage beside the program only take it from the program: without them the slowest calls are half as slow (docs/benchmarks.md).
 */
export function serverNodeOptions(processors = availableParallelism()): string[] {
  // http-proxy calls util._extend, which is deprecated.
  const quiet = ["ExperimentalWarning", "DEP0060"].map((warning) => `--disable-warning=${warning}`);
  const options = [...quiet, "--max-semi-space-size=16"];
  return processors === 1 ? [...options, "--single-threaded-gc"] : options;
}
