import { AgentError } from "./agent-error.ts";
import { passThrough } from "./api-server/pass-through.ts";
import { serviceAccountToken } from "./api-server/service-account-token.ts";
import { type Credential, withCredential } from "./api-server/with-credential.ts";
import { Counters } from "./health/counters.ts";
import { serveHealth } from "./health/serve-health.ts";
import { IdentityKeeper } from "./identity/identity-keeper.ts";
import { folderState } from "./identity/state/folder-state.ts";
import { secretState } from "./identity/state/secret-state.ts";
import { keepTrying } from "./keep-trying.ts";
import type { Log } from "./log.ts";
import type { Settings } from "./settings/settings.ts";
import { ConnectAnswerer } from "./tunnel/answer-connect.ts";
import { Tunnels } from "./tunnel/tunnels.ts";

/**
 * Runs the agent until `stop`: it joins where it has not, keeps its certificate and its connections, and ends with what is under way.
 * @throws AgentError where going on makes no sense.
 */
export async function runAgent(
  settings: Settings,
  { log, stop, counters = new Counters() }: { log: Log; stop: AbortSignal; counters?: Counters },
): Promise<void> {
  const { apiServer, mode, state: place } = settings;
  const credential: Credential = { ...apiServer, token: serviceAccountToken(apiServer.tokenFile) };
  const state = place.kind === "secret" ? secretState(credential, place) : folderState(place.path);
  const keeper = new IdentityKeeper({ settings, state, log });
  let tunnels: Tunnels | null = null;
  let certificateEnds: number | null = null;
  const health = await serveHealth({
    ...{ listen: settings.listen, counters },
    tunnels: () => tunnels,
    certificateEnds: () => certificateEnds,
  });
  try {
    const identity = await keepTrying(() => keeper.establish(stop), { log, stop });
    if (identity === null) return;
    requireMode(identity, mode);
    const opener = mode === "agent" ? withCredential(credential) : passThrough(apiServer);
    tunnels = new Tunnels({
      ...{ settings, log },
      identity: async () => {
        const current = await keeper.current();
        certificateEnds = Date.parse(current.expiresAt);
        return current;
      },
      answerer: new ConnectAnswerer({ mode, opener, counters, log }),
    });
    await Promise.all([tunnels.keepConnected(stop), keeper.keepRenewed(stop)]);
    log.info(
      { streams: counters.open, seconds: settings.drainSeconds },
      "ending; calls under way may end by themselves",
    );
    await tunnels.drain(AbortSignal.timeout(settings.drainSeconds * 1_000));
  } finally {
    health.close();
    health.closeAllConnections();
  }
}

function requireMode({ cluster, credential }: { cluster: string; credential: string }, mode: string): void {
  if (credential === mode) return;
  const message = `KUBEWITNESS_AGENT_MODE is ${mode}, but the gateway has cluster ${cluster} with credential mode ${credential}: set KUBEWITNESS_AGENT_MODE=${credential}, or change the cluster`;
  throw new AgentError(message, { final: true });
}
