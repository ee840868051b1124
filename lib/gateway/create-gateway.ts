import { hasNodePoolGrant } from "../access/cluster-access.ts";
import { decide, mentionedTo } from "../access/decide.ts";
import { onNamespaceLabels } from "../access/labels/namespace-labels.ts";
import { currentDirectory } from "../access/scopes/current.ts";
import { onDecisionTable } from "../access/table/current.ts";
import type { Recorder } from "../audit/pipeline/recorder.ts";
import { createChangingRedactor } from "../audit/redaction/redact-text.ts";
import { findNodeLabels, onNodeLabels } from "../clusters/nodes/node-labels.ts";
import { findNodeOfPod } from "../clusters/nodes/node-of-pod.ts";
import {
  findCluster,
  findClusterById,
  onClustersChange,
  type RegisteredCluster,
} from "../clusters/registry.ts";
import { upstreamFor } from "../clusters/upstream.ts";
import { type Config, config as currentConfig } from "../config.ts";
import { AppError } from "../errors.ts";
import { createClientAddressReader } from "../http/client-address.ts";
import { authenticateToken, findAuthenticatedToken, isTokenInUse } from "../identity/authenticate.ts";
import { onSessionEndRequest } from "../recordings/live/end-requests.ts";
import type { RecordingStore } from "../recordings/store/recording-store.ts";
import { onIdentityChange, onRevocation } from "../revocation/revocation.ts";
import type { StrangerLimits } from "./call/strangers.ts";
import { type GatewayServices, type RunningGateway, startGateway } from "./start.ts";

interface HouseInput {
  config: Config;
  recorder: Recorder;
  recordings: RecordingStore;
  /** A process's share of them, where several serve the installation. */
  strangerLimits?: StrangerLimits;
}

/** The gateway on the house's own services. Put it on servers with `attachGateway`. */
export function createGateway(input: HouseInput): RunningGateway {
  return startGateway(houseServices(input));
}

/** What the house has for the gateway. */
export function houseServices({ config, recorder, recordings, strangerLimits }: HouseInput): GatewayServices {
  return {
    recorder,
    recordings,
    onSessionEndRequest,
    strangerLimits,
    authenticateToken,
    findAuthenticatedToken,
    isTokenInUse,
    decide,
    mentions: mentionedTo,
    directory: currentDirectory,
    nodes: {
      areAskedFor: hasNodePoolGrant,
      findOfPod: async ({ name }, pod) => findNodeOfPod(registered(name), pod),
      labelsOf: findNodeLabels,
    },
    findCluster,
    findClusterById,
    onRevocation,
    onPolicyChange: (listener) => {
      const unsubscribers = [
        onDecisionTable(listener),
        onClustersChange(listener),
        onNamespaceLabels(listener),
        onNodeLabels(listener),
      ];
      return () => {
        for (const unsubscribe of unsubscribers) unsubscribe();
      };
    },
    onCallersChange: onIdentityChange,
    redactor: createChangingRedactor(() => currentConfig().audit.redact.execArguments),
    readClientAddress: createClientAddressReader(config.trustedProxies),
    upstreamFor: ({ name }) => upstreamFor(registered(name)),
  };
}

function registered(name: string): RegisteredCluster {
  const cluster = findCluster(name);
  // It was removed between one stage and the next.
  if (cluster === null) throw new AppError("not_found", `The cluster "${name}" is no longer registered.`);
  return cluster;
}
