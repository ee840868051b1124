import type { IncomingMessage } from "node:http";
import { Listeners } from "../../listeners.ts";
import { log } from "../../log.ts";
import type { HubIntroduction } from "../protocol/introduction.ts";
import { type Acceptance, AgentDoor, NotBegun } from "./accept-agent.ts";
import type { JoinedAgent } from "./agent-link.ts";
import type { AgentSession } from "./agent-session.ts";
import type { UpgradeRequest } from "./change-protocol.ts";
import { addLink } from "./links.ts";

/** Who has joined, as the hub asks for it. */
export interface AgentDirectory {
  authenticate: Acceptance["authenticate"];
  /** The agent with that id; null where it is revoked, or its cluster is gone. */
  find(agentId: string): JoinedAgent | null;
  /** Calls `listener` when `find` may answer otherwise. Returns the unsubscriber. */
  onChange(listener: () => void): () => void;
}

/** Where coming and going is written down. */
export interface ConnectionLog {
  /** Before a call goes by the connection. @throws AppError where the agent counts no more. */
  opened(session: AgentSession): Promise<void>;
  closed(session: AgentSession): void;
}

export interface HubOptions {
  directory: AgentDirectory;
  connections: ConnectionLog;
  addressOf(request: IncomingMessage): string | null;
  /** This replica, and those alive. */
  introduction(): HubIntroduction;
  /** Milliseconds; the protocol's where it is left out. */
  heartbeatMs?: number;
}

/** Holds the connections of agents to this process. */
export class Hub {
  readonly #options: HubOptions;
  readonly #door: AgentDoor;
  /** Those that are not in the log yet among them. */
  readonly #sessions = new Map<string, AgentSession>();
  readonly #carrying = new Map<string, AgentSession>();
  readonly #unsubscribe: () => void;
  readonly #changes = new Listeners();
  #draining = false;

  constructor(options: HubOptions) {
    this.#options = options;
    const { directory, addressOf, introduction, heartbeatMs } = options;
    this.#door = new AgentDoor({
      authenticate: directory.authenticate,
      addressOf,
      introduction,
      sessions: () => this.#sessions.values(),
      isDraining: () => this.#draining,
      ...(heartbeatMs && { heartbeatMs }),
    });
    this.#unsubscribe = directory.onChange(() => this.#cutRevoked());
  }

  /** The connections that calls may go by, by their ids. */
  get sessions(): ReadonlyMap<string, AgentSession> {
    return this.#carrying;
  }

  /** Makes an upgrade an agent's connection. @throws AppError where it is refused: nothing was answered yet. */
  async accept(upgrade: UpgradeRequest): Promise<void> {
    const session = await this.#door.accept(upgrade);
    session.onClose(() => this.#forget(session));
    session.onDraining(() => this.#changes.tell());
    this.#sessions.set(session.id, session);
    await this.#options.connections.opened(session).catch((cause: Error) => {
      session.destroy(cause.message);
      throw new NotBegun(`${session.agent.name}: ${cause.message}`, { cause });
    });
    // It may have been revoked, and the hub stopped, since it proved itself.
    if (this.#draining || !this.#isCurrent(session)) return session.destroy("the agent counts no more");
    this.#replaceFormer(session);
    this.#carrying.set(session.id, session);
    addLink(session);
    this.#changes.tell();
    const { agent, address, introduction } = session;
    const { version } = introduction;
    log.info({ agent: agent.name, cluster: agent.clusterId, address, version }, "an agent connected");
  }

  /** Calls `listener` when connections come, go or are about to end. Returns the unsubscriber. */
  onChange(listener: () => void): () => void {
    return this.#changes.add(listener);
  }

  /** Tells every agent which replicas there are. */
  tellHubs(): void {
    const { hubs } = this.#options.introduction();
    for (const session of this.#sessions.values()) session.tellHubs(hubs);
  }

  /** Takes no more agents, and resolves when no call is under way by those there are, or after so long. */
  async drain(graceMs: number): Promise<void> {
    this.#draining = true;
    this.#unsubscribe();
    const sessions = [...this.#sessions.values()];
    const timer = setTimeout(() => {
      for (const session of sessions) session.destroy("the gateway was stopped");
    }, graceMs);
    await Promise.all(sessions.map((session) => session.drain()));
    clearTimeout(timer);
  }

  #forget(session: AgentSession): void {
    this.#sessions.delete(session.id);
    this.#carrying.delete(session.id);
    this.#options.connections.closed(session);
    this.#changes.tell();
    log.info({ agent: session.agent.name, why: session.ending }, "an agent's connection ended");
  }

  /** What a process of an agent's had before it came again is gone, whether this side has noticed or not. */
  #replaceFormer({ id, agent, introduction }: AgentSession): void {
    for (const former of this.#sessions.values()) {
      const isSame = former.agent.id === agent.id && former.introduction.instance === introduction.instance;
      if (isSame && former.id !== id) former.destroy("the agent connected again");
    }
  }

  #cutRevoked(): void {
    for (const session of this.#sessions.values()) {
      if (!this.#isCurrent(session)) session.destroy("the agent was revoked");
    }
    this.#changes.tell();
  }

  /** Whether the agent still counts; its name and tags are then those that it has now. */
  #isCurrent(session: AgentSession): boolean {
    const agent = this.#options.directory.find(session.agent.id);
    if (agent === null || agent.clusterId !== session.agent.clusterId) return false;
    session.agent = agent;
    return true;
  }
}
