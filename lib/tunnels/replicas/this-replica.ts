import { randomUUID } from "node:crypto";
import { processState } from "../../process-state.ts";

/** The id of this replica from its main process's start to its end, as agents know it; its gateway processes are told. */
export const thisReplica = (): string => processState("tunnels/this-replica", () => randomUUID());
