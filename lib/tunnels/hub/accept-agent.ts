import type { IncomingMessage } from "node:http";
import { AppError } from "../../errors.ts";
import { networkOf } from "../../http/ip-address.ts";
import { ConcurrencyLimit } from "../../limits/concurrency-limit.ts";
import type { AgentIntroduction, HubIntroduction } from "../protocol/introduction.ts";
import { hubHeaders, IntroductionError, readAgentHeaders } from "../protocol/introduction.ts";
import type { JoinedAgent } from "./agent-link.ts";
import { AgentSession } from "./agent-session.ts";
import { type ChangeProtocol, protocolOf, type UpgradeRequest } from "./change-protocol.ts";

/** Requests whose proof is being looked at, of one network and in all: who they are is not known yet. */
const UNPROVED_OF_NETWORK = 16;
const UNPROVED = 128;
/** Connections of one agent to this process: pods of a Deployment may share its certificate. */
const MOST_OF_AGENT = 32;
/** Of all agents. */
const MOST_SESSIONS = 2_000;

export interface Acceptance {
  /** Which agent a proof shows. @throws AppError. */
  authenticate(
    proof: string,
    from: { address: string | null; userAgent: string | null },
  ): Promise<JoinedAgent>;
  addressOf(request: IncomingMessage): string | null;
  introduction(): HubIntroduction;
  /** The connections that this process has already. */
  sessions(): Iterable<AgentSession>;
  isDraining(): boolean;
  heartbeatMs?: number;
}

/** The agent holds a connection to this replica already. */
export class AlreadyConnected extends AppError {
  readonly headers: Record<string, string>;

  constructor(introduction: HubIntroduction) {
    super("conflict", "The agent holds a connection to this replica already. Dial again for another one.");
    this.headers = hubHeaders(introduction);
  }
}

/** The protocol changed, and nothing came of it. The connection is closed. */
export class NotBegun extends Error {
  override name = "NotBegun";
}

/** Takes agents' requests for a connection. */
export class AgentDoor {
  readonly #acceptance: Acceptance;
  readonly #ofNetwork = new ConcurrencyLimit(UNPROVED_OF_NETWORK);
  readonly #all = new ConcurrencyLimit(UNPROVED);

  constructor(acceptance: Acceptance) {
    this.#acceptance = acceptance;
  }

  /** The agent's connection, when HTTP/2 has begun on it. @throws NotBegun; anything else before the protocol changed. */
  async accept(upgrade: UpgradeRequest): Promise<AgentSession> {
    const { request, socket } = upgrade;
    // A peer that leaves meanwhile is seen in "close"; an unheard error would end the process.
    socket.on("error", () => socket.destroy());
    const address = this.#acceptance.addressOf(request);
    const { agent, introduction, change } = await this.#prove(upgrade, address);
    this.#requireRoom(agent);
    if (socket.destroyed) throw new AppError("unavailable", "The agent left.");
    try {
      const stream = await change(hubHeaders(this.#acceptance.introduction()));
      const { heartbeatMs } = this.#acceptance;
      const session = new AgentSession({
        agent,
        introduction,
        address,
        stream,
        socket,
        ...(heartbeatMs && { heartbeatMs }),
      });
      await session.begun();
      return session;
    } catch (cause) {
      socket.destroy();
      throw new NotBegun(`${agent.name} at ${address}: ${(cause as Error).message}`, { cause });
    }
  }

  async #prove(
    upgrade: UpgradeRequest,
    address: string | null,
  ): Promise<{ agent: JoinedAgent; introduction: AgentIntroduction; change: ChangeProtocol }> {
    const { request } = upgrade;
    if (this.#acceptance.isDraining()) {
      throw new AppError("unavailable", "This replica is about to end.", { retryAfterSeconds: 1 });
    }
    const change = protocolOf(upgrade);
    const introduction = readIntroduction(request);
    const leave = this.#enter(address);
    try {
      const userAgent = request.headers["user-agent"] ?? null;
      const agent = await this.#acceptance.authenticate(proofOf(request), { address, userAgent });
      const own = this.#acceptance.introduction();
      if (introduction.connected.includes(own.hub)) throw new AlreadyConnected(own);
      return { agent, introduction, change };
    } finally {
      leave();
    }
  }

  /** Takes a place among those that nobody knows yet. */
  #enter(address: string | null): () => void {
    const leaves = [this.#ofNetwork.take(networkOf(address)), this.#all.take("")];
    const leave = () => {
      for (const each of leaves) each?.();
    };
    if (!leaves.includes(null)) return leave;
    leave();
    throw new AppError("resource_exhausted", "Too many agents connect at once. Try again shortly.", {
      retryAfterSeconds: 2,
    });
  }

  #requireRoom(agent: JoinedAgent): void {
    const sessions = [...this.#acceptance.sessions()];
    const ofAgent = sessions.filter((session) => session.agent.id === agent.id).length;
    if (sessions.length < MOST_SESSIONS && ofAgent < MOST_OF_AGENT) return;
    const what =
      ofAgent < MOST_OF_AGENT ? `${MOST_SESSIONS} agents are` : `This agent is ${MOST_OF_AGENT} times`;
    throw new AppError("resource_exhausted", `${what} connected to this process, which is the most.`, {
      retryAfterSeconds: 10,
    });
  }
}

function readIntroduction({ headers }: IncomingMessage): AgentIntroduction {
  try {
    return readAgentHeaders(headers);
  } catch (error) {
    if (error instanceof IntroductionError) throw new AppError("invalid_argument", `${error.message}.`);
    throw error;
  }
}

/** The proof in a request's head. @throws AppError `unauthenticated`. */
export function proofOf({ headers }: IncomingMessage): string {
  const proof = /^bearer +(\S+)$/i.exec(headers.authorization ?? "")?.[1];
  if (proof === undefined) {
    throw new AppError(
      "unauthenticated",
      "The Authorization header holds no proof. Send it as: Bearer <JWT>.",
    );
  }
  return proof;
}
