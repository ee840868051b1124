import type { Duplex } from "node:stream";
import type { CredentialMode } from "../protocol/api-server-stream.ts";

/** An agent that joined, as it stands on its page. */
export interface JoinedAgent {
  id: string;
  name: string;
  clusterId: string;
  tags: readonly string[];
}

/** One connection of an agent, to this process or to another one of this replica: a way to its cluster. */
export interface AgentLink {
  /** The connection's. */
  readonly id: string;
  readonly agent: JoinedAgent;
  /** How the agent is configured: it opens no stream for the other mode. */
  readonly credential: CredentialMode;
  /** Whether another process of this replica has the connection. */
  readonly isRemote: boolean;
  /** Takes no new streams: the agent is about to end, or the connection is gone. */
  readonly isDraining: boolean;
  /** Calls of this process that are under way on it. */
  readonly underWay: number;
  /** Counts a call; returns what ends it (more than once does no harm). */
  begin(): () => void;
  /**
   * Opens a stream to the agent's API server, in which nothing has been said yet.
   * @throws DialError; the signal's reason. Leaves nothing open then.
   */
  open(signal: AbortSignal): Promise<Duplex>;
  /** Calls `listener` once when it takes no new streams any more, or the connection is gone. Returns the unsubscriber. */
  onDraining(listener: () => void): () => void;
  /** Calls `listener` once when the connection is gone. Returns the unsubscriber. */
  onClose(listener: () => void): () => void;
}
