import { runAgent } from "./agent.ts";
import { AgentError } from "./agent-error.ts";
import { createLog, errorText } from "./log.ts";
import { readSettings } from "./settings/settings.ts";
import { version } from "./version.ts";

// The reverse tunnel's agent. Ends with 0 when it was asked to, 1 where going on makes no sense.
const log = createLog((line) => process.stdout.write(line));
const stop = new AbortController();
for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.on(signal, () => {
    // The second time: at once.
    if (stop.signal.aborted) process.exit(1);
    stop.abort(new AgentError(`asked to end by ${signal}`));
  });
}

try {
  const settings = readSettings(process.env);
  const { gateway, apiServer, mode, state } = settings;
  const where = state.kind === "folder" ? state.path : `secret:${state.namespace}/${state.name}`;
  log.info(
    {
      ...{
        version,
        gateway: `${gateway.host}:${gateway.port}`,
        apiServer: `${apiServer.host}:${apiServer.port}`,
      },
      ...{
        proxy: gateway.proxy === null ? null : `${gateway.proxy.host}:${gateway.proxy.port}`,
        mode,
        state: where,
      },
    },
    "agent started",
  );
  await runAgent(settings, { log, stop: stop.signal });
  log.info({}, "agent ended");
  process.exitCode = 0;
} catch (error) {
  // What is no AgentError is a defect, which is told whole.
  log.error(
    { error: error instanceof AgentError ? error.message : ((error as Error).stack ?? errorText(error)) },
    "agent cannot go on",
  );
  process.exitCode = 1;
}
process.exit();
