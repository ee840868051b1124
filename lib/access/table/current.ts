import { Listeners } from "../../listeners.ts";
import { processState } from "../../process-state.ts";
import type { DecisionTable } from "../policy/compile.ts";

const state = processState("access/table", () => ({
  table: null as DecisionTable | null,
  listeners: new Listeners(),
}));

/** The process's table. Until it has been loaded nothing can be decided, and nothing is. */
export function currentDecisionTable(): DecisionTable {
  if (!state.table) throw new Error("decide() is called before startDecisionTable()");
  return state.table;
}

export function installDecisionTable(table: DecisionTable): void {
  state.table = table;
  state.listeners.tell();
}

/** Calls `listener` after each change of the table. Returns the unsubscriber. */
export function onDecisionTable(listener: () => void): () => void {
  return state.listeners.add(listener);
}
