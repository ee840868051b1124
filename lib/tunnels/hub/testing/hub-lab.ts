import { createPrivateKey, type KeyObject, randomUUID, X509Certificate } from "node:crypto";
import type { Server } from "node:https";
import type { AddressInfo } from "node:net";
import { createKubeServer } from "../../../../server/listeners.ts";
import { createTunnelDoor } from "../../../../server/tunnels/tunnel-door.ts";
import { AppError } from "../../../errors.ts";
import { testCertificates } from "../../../gateway/testing/certificates.ts";
import { Listeners } from "../../../listeners.ts";
import { type Authority, createAuthority, issueServerCertificate } from "../../../pki/issue-certificate.ts";
import { ProofError, readProof } from "../../protocol/proof.ts";
import type { JoinedAgent } from "../agent-link.ts";
import type { AgentSession } from "../agent-session.ts";
import { Hub } from "../hub.ts";

export const AUDIENCE = "https://gateway.test:8443";

/** What an agent keeps of its joining. */
export interface TestIdentity extends JoinedAgent {
  /** PEM. */
  certificate: string;
  key: KeyObject;
}

/** A hub behind TLS on a port of its own, and the agents that joined it. */
export interface HubLab {
  readonly hub: Hub;
  readonly hubId: string;
  readonly port: number;
  readonly server: Server;
  /** PEM of what proves the hub. */
  readonly ca: string;
  readonly authority: Authority;
  /** Joins an agent. */
  join(change?: Partial<JoinedAgent>): Promise<TestIdentity>;
  revoke(agentId: string): void;
  /** Changes what is known of an agent. */
  change(agent: JoinedAgent): void;
  /** Another replica comes. */
  addHub(id: string): void;
  /** Connections that came, and that went, in their order. */
  readonly opened: AgentSession[];
  readonly closed: AgentSession[];
  close(): Promise<void>;
}

export async function startHubLab({ heartbeatMs }: { heartbeatMs?: number } = {}): Promise<HubLab> {
  const { certificate, key, ca } = await testCertificates();
  const authority = await createAuthority("agents of a test");
  const agents = new Map<string, JoinedAgent>();
  const changes = new Listeners();
  const used = new Set<string>();
  /** Other replicas. */
  const hubs: string[] = [];
  const hubId = randomUUID();
  const opened: AgentSession[] = [];
  const closed: AgentSession[] = [];
  const hub = new Hub({
    directory: {
      async authenticate(proof) {
        const { sub, jti } = read(proof, authority);
        const agent = agents.get(sub);
        if (!agent) throw new AppError("unauthenticated", "The agent was revoked. It has to join anew.");
        if (used.has(jti)) throw new AppError("unauthenticated", "The proof was used already.");
        used.add(jti);
        return agent;
      },
      find: (id) => agents.get(id) ?? null,
      onChange: (listener) => changes.add(listener),
    },
    connections: {
      opened: async (session) => void opened.push(session),
      closed: (session) => closed.push(session),
    },
    addressOf: ({ socket }) => socket.remoteAddress ?? null,
    introduction: () => ({ hub: hubId, hubs: [hubId, ...hubs] }),
    ...(heartbeatMs !== undefined && { heartbeatMs }),
  });
  const refuse = () => Promise.reject(new AppError("not_found", "Nobody joins here."));
  const door = createTunnelDoor({ accept: (upgrade) => hub.accept(upgrade), join: refuse, renew: refuse });
  const ignore = () => {};
  const nothing = {
    handleRequest: ignore,
    handleExchange: ignore,
    handleUpgrade: ignore,
    handleClientError: ignore,
  };
  const server = createKubeServer({ certificate, key }, nothing, [door]);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    hub,
    hubId,
    port: (server.address() as AddressInfo).port,
    server,
    ca,
    authority,
    opened,
    closed,
    async join(change = {}) {
      const id = randomUUID();
      const agent = { id, name: `agent-${agents.size + 1}`, clusterId: randomUUID(), tags: [], ...change };
      agents.set(agent.id, agent);
      const issued = await issueServerCertificate(authority, { hosts: [agent.id] });
      return { ...agent, certificate: issued.certificate, key: createPrivateKey(issued.key) };
    },
    change({ id, name, clusterId, tags }) {
      agents.set(id, { id, name, clusterId, tags });
      changes.tell();
    },
    addHub(id) {
      hubs.push(id);
      hub.tellHubs();
    },
    revoke(agentId) {
      agents.delete(agentId);
      changes.tell();
    },
    async close() {
      await hub.drain(0);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function read(proof: string, authority: Authority) {
  try {
    const authorities = [new X509Certificate(authority.certificate)];
    return readProof(proof, { authorities, audience: AUDIENCE, purpose: "connect" }).claims;
  } catch (error) {
    if (error instanceof ProofError) throw new AppError("unauthenticated", error.message);
    throw error;
  }
}
