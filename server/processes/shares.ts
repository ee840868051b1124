import type { Config } from "../../lib/config.ts";
import { STRANGER_LIMITS, type StrangerLimits } from "../../lib/gateway/call/strangers.ts";
import { CONNECTION_LIMITS, type ConnectionLimits } from "../connection-limits.ts";
import { MOST_REQUESTS_OF_NETWORK } from "../request-limits.ts";

// A limit of the installation is divided among its gateway processes: that needs no word between them on a call's way, and connections are spread
// evenly enough (docs/decisions/0115-limits-are-divided.md).

/** One process's part of a number, at least 1 (or `least`). */
export const shareOf = (whole: number, processes: number, least = 1): number =>
  Math.max(least, Math.floor(whole / processes));

/** The least that a pool works with. */
const LEAST_CONNECTIONS = 2;
/** The least that `audit.journal.max_bytes` takes: a smaller journal would be full with one large entry. */
const LEAST_JOURNAL_BYTES = 2 ** 20;

/** The configuration of one of so many gateway processes. The main process keeps its own pools, which the console and sign-in use. */
export function shareConfig(config: Config, processes: number): Config {
  const { journal } = config.audit;
  const gateway = shareOf(config.database.connections.gateway, processes, LEAST_CONNECTIONS);
  return {
    ...config,
    audit: {
      ...config.audit,
      journal: { maxBytes: shareOf(journal.maxBytes, processes, LEAST_JOURNAL_BYTES) },
    },
    // A gateway process changes nothing and reads no record; its pipeline writes an event now and then.
    database: {
      ...config.database,
      connections: { gateway, changes: LEAST_CONNECTIONS, console: LEAST_CONNECTIONS },
    },
  };
}

export function shareStrangerLimits(processes: number): StrangerLimits {
  const limits = STRANGER_LIMITS;
  return {
    windowMs: limits.windowMs,
    recordedOfNetwork: shareOf(limits.recordedOfNetwork, processes),
    recordedInAll: shareOf(limits.recordedInAll, processes),
    networks: shareOf(limits.networks, processes),
    freeLookUps: shareOf(limits.freeLookUps, processes),
    lookUpsAtOnce: shareOf(limits.lookUpsAtOnce, processes),
    summaries: shareOf(limits.summaries, processes),
  };
}

export function shareConnectionLimits(processes: number): ConnectionLimits {
  const { most, mostOfNetwork, headBytes, sweepMs } = CONNECTION_LIMITS;
  return {
    most: shareOf(most, processes),
    mostOfNetwork: shareOf(mostOfNetwork, processes),
    headBytes: shareOf(headBytes, processes),
    sweepMs,
  };
}

/** Requests of one network at the Kubernetes proxy's port that are not calls (health checks). */
export const shareRequestsOfNetwork = (processes: number): number =>
  shareOf(MOST_REQUESTS_OF_NETWORK, processes);
