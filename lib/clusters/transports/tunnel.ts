import type { Duplex } from "node:stream";
import { AppError } from "../../errors.ts";
import type { AgentLink } from "../../tunnels/hub/agent-link.ts";
import { chooseLinks, type NoLink } from "../../tunnels/hub/choose-links.ts";
import { DialError } from "../../tunnels/hub/dial-error.ts";
import { isOneAwaited } from "../../tunnels/hub/links.ts";
import type { CredentialMode } from "../../tunnels/protocol/api-server-stream.ts";
import { noteCarried } from "./carried.ts";
import type { Transport } from "./transport.ts";

/** The agents that one dialling tries, one after the other. */
const MOST_TRIES = 3;
/** When a call may come again that found no agent, where one is to be expected. */
const RETRY_AFTER_SECONDS = 1;

/** Of a registered cluster, what its tunnel depends on. */
interface TunnelledCluster {
  id: string;
  name: string;
  /** Only agents with this tag carry its calls; null: any. */
  agentTag: string | null;
  tunnelCredential: CredentialMode;
}

/** By the connections that a cluster's agents opened (lib/tunnels/hub). What the cluster's address is, the agents know. */
export function tunnelTransport(cluster: TunnelledCluster): Transport {
  const { id: clusterId, agentTag, tunnelCredential: credential } = cluster;
  const choose = (asked: string | null): { carriers: AgentLink[]; tag: string | null } => {
    const tag = asked ?? agentTag;
    const links = chooseLinks({ clusterId, credential, tag });
    if (!Array.isArray(links)) throw new NoAgent(cluster, { ...links, tag });
    return { carriers: links, tag };
  };
  return {
    name: "tunnel",
    endsTls: credential === "agent",
    carriers: choose,
    async dial(_address, signal, asked = null) {
      const { carriers, tag } = choose(asked);
      return dialOne(carriers.slice(0, MOST_TRIES), signal, tag);
    },
  };
}

async function dialOne(links: AgentLink[], signal: AbortSignal, tag: string | null): Promise<Duplex> {
  let failed: unknown;
  for (const link of links) {
    try {
      const stream = await link.open(signal);
      stream.once("close", link.begin());
      return noteCarried(stream, { agent: link.agent.name, tag });
    } catch (error) {
      if (!(error instanceof DialError)) throw error;
      failed = error;
    }
  }
  throw failed;
}

const WORDS: Readonly<Record<NoLink["problem"], string>> = {
  none: "no agent of it is connected here",
  tag: "no agent of it with that tag is connected here",
  mode: "its agents are configured for another credential mode than the cluster is",
  draining: "its agents are about to end",
};

/** `unavailable`: no agent could carry a call. Nothing of it was sent. */
export class NoAgent extends AppError {
  /** After "it": for a check of the cluster. */
  readonly problem: string;
  readonly next: string;

  constructor(
    { id, name, tunnelCredential }: TunnelledCluster,
    { problem, tag }: NoLink & { tag: string | null },
  ) {
    const words = WORDS[problem].replace("that tag", `the tag "${tag}"`);
    // client-go repeats each call of its discovery ten times where it is told to, and says nothing of it meanwhile.
    const comesBack = problem === "draining" || (problem !== "mode" && isOneAwaited(id));
    const told = `The cluster "${name}" cannot be called: ${words}. ${tellUser(problem)}`;
    super("unavailable", told, comesBack ? { retryAfterSeconds: RETRY_AFTER_SECONDS } : {});
    this.problem = words.replace(" of it", "");
    this.next =
      problem === "mode"
        ? `Set the credential mode "${tunnelCredential}" at its agents (KUBEWITNESS_AGENT_MODE), or the agents' at the cluster.`
        : "See on the page Agents whether one has joined, and what the agent's own log says.";
  }
}

const tellUser = (problem: NoLink["problem"]): string =>
  problem === "mode"
    ? "An administrator must set the same at both."
    : "Try again shortly; if that does not help, an administrator sees on the page Agents why.";
