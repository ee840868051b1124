import { availableParallelism } from "node:os";

/**
 * How Node runs server.ts. V8 lets the space for new objects grow to 96 MB, whatever lives in it; an export of a million rows fills it all
 * while less than 5 MB are in use. 48 MB (three times 16) cost such an export no time. The space for old ones it lets grow to several times of what lives in it, where a
 * machine has memory: after 30,000 calls to 246 MB, of which 51 were in use. A third more than what is in use, buffers among it, takes one whole collection in seconds at
 * full load (docs/decisions/0267-the-heap-is-kept-small.md). On a single processor the threads that collect garbage beside the program only take it from the program: without
 * them the slowest calls are half as slow (docs/benchmarks.md).
 */
export function serverNodeOptions(processors = availableParallelism()): string[] {
  // http-proxy calls util._extend, which is deprecated.
  const quiet = ["ExperimentalWarning", "DEP0060"].map((warning) => `--disable-warning=${warning}`);
  const heap = [
    "--max-semi-space-size=16",
    "--heap-growing-percent=40",
    "--external-memory-accounted-in-global-limit",
    // For lib/return-memory.ts.
    "--expose-gc",
  ];
  const options = [...quiet, ...heap];
  return processors === 1 ? [...options, "--single-threaded-gc"] : options;
}
