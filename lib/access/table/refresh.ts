import { type Fresh, keepFresh } from "../../db/keep-fresh.ts";
import { compileDecisionTable } from "../policy/compile.ts";
import { installScopes } from "../scopes/current.ts";
import { ACCESS_CHANNEL } from "./announce.ts";
import { installDecisionTable } from "./current.ts";
import { loadCurrentScopes, loadGrantRows, readAccessFingerprint } from "./load.ts";

const POLL_MS = 3_000;

/** Loads the table that `decide` reads and keeps it fresh. Called at start; a grant counts, or stops to, within moments. */
export function startDecisionTable({ pollMs = POLL_MS } = {}): Promise<Fresh> {
  return keepFresh({
    what: "roles and grants",
    channel: ACCESS_CHANNEL,
    pollMs,
    readFingerprint: readAccessFingerprint,
    load: async () => {
      const scopes = await loadCurrentScopes();
      const table = compileDecisionTable(await loadGrantRows(scopes));
      installScopes(scopes);
      installDecisionTable(table);
    },
  });
}
