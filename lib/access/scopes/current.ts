import { processState } from "../../process-state.ts";
import { compileDirectory, type ProjectDirectory } from "./directory.ts";
import { NO_SCOPES, type Scopes } from "./load.ts";

const state = processState("access/scopes", () => ({ directory: compileDirectory(NO_SCOPES) }));

/** In which projects a namespace is, from memory; of none until the decision table has been loaded. */
export function currentDirectory(): ProjectDirectory {
  return state.directory;
}

/** Called with each change of the decision table. */
export function installScopes(scopes: Scopes): void {
  state.directory = compileDirectory(scopes);
}
