#!/usr/bin/env node
import { EXIT_CODES } from "./program/failure.ts";
import { runCommandLine } from "./program/run.ts";
import { processTerminal } from "./terminal/terminal.ts";

const terminal = processTerminal();
// Whoever reads may have enough of it: `kubewitness audit search | head`.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  terminal.tell(`error: What was asked for cannot be written (${error.code}): see to the space of its file.`);
  process.exit(EXIT_CODES.failed);
});
runCommandLine(process.argv.slice(2), terminal).then((code) => {
  process.exitCode = code;
});
