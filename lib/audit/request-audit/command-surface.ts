import { sqlColumns } from "../columns/derived/sql-columns.ts";
import { REQUEST_AUDIT } from "../columns/request-audit/schema.ts";
import { createSurface } from "../query/surface.ts";

/** No ledger numbers them: beside calls of the same moment they come first. */
const NO_LEDGER = 32_767;

/** What a command line of the web shell says of itself, in the columns of a call; of all others it says nothing. */
const KNOWN: Readonly<Record<string, string>> = {
  executed_at: "started_at",
  no: "no",
  session_id: "session_id",
  token_id: "token_id",
  recording_id: "recording_id",
  actor_id: "actor_id",
  cluster_id: "cluster_id",
  command_id: "command_id",
  client_ip_id: "client_ip_id",
  duration_ms: "duration_ms",
  exit_code: "exit_code",
  result: "(exit_code = 0)::int::smallint",
  access_method: `${REQUEST_AUDIT.columns.accessMethod.stored.codes.Browser}::smallint`,
};

const columns = sqlColumns(REQUEST_AUDIT.columns).map(
  ({ name, type }) => `${KNOWN[name] ?? `NULL::${type}`} AS ${name}`,
);

/** The web shell's command lines as if each were a call: what filters of Request Audit say holds for those that made none, too. */
export const COMMAND_SURFACE = createSurface(REQUEST_AUDIT, {
  stream: "kube_request",
  table: `(SELECT ${columns.join(", ")}, ${NO_LEDGER}::smallint AS ledger_id FROM kube_command) AS kube_request`,
  partitioned: "kube_command",
  time: "executed_at",
  outcome: "result",
  counters: [],
  totals: [],
});
