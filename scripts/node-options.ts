/**
 * How Node runs server.ts. V8 lets the space for new objects grow to 96 MB, whatever lives in it; an export of a million rows fills it all
 * while less than 5 MB are in use. 48 MB (three times 16) cost such an export no time (docs/benchmarks.md).
 */
export const SERVER_NODE_OPTIONS = ["--disable-warning=ExperimentalWarning", "--max-semi-space-size=16"];
