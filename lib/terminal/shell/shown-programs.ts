import { processState } from "../../process-state.ts";
import type { Isolation } from "../isolation/isolation.ts";
import type { KubectlProgram } from "../kubectl/program.ts";

const found = processState("terminal/shell-programs", () => ({
  programs: null as { isolation: Isolation; kubectl: KubectlProgram } | null,
}));

/** Lets the console's part of the process say what was found; null: there is none any more. */
export function publishPrograms(programs: { isolation: Isolation; kubectl: KubectlProgram } | null): void {
  found.programs = programs;
}

/** What was found for the settings of the web shell, by their names, in words; nothing where this process has no shells. */
export function describePrograms(): Record<string, string> {
  if (!found.programs) return {};
  const { isolation, kubectl } = found.programs;
  const state = kubectl.state();
  return {
    "webShell.isolation": isolation.words,
    "webShell.kubectl": state.ready ? `${state.version} (${state.path})` : state.reason,
  };
}
