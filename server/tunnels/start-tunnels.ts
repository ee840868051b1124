import { randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import path from "node:path";
import type { Config } from "../../lib/config.ts";
import type { Context } from "../../lib/context.ts";
import { createClientAddressReader } from "../../lib/http/client-address.ts";
import { findAgent, onAgentsChange } from "../../lib/tunnels/agents/registry.ts";
import { proofOf } from "../../lib/tunnels/hub/accept-agent.ts";
import { Hub } from "../../lib/tunnels/hub/hub.ts";
import { followLinks } from "../../lib/tunnels/hub/siblings/follow-links.ts";
import { createLinksServer } from "../../lib/tunnels/hub/siblings/serve-links.ts";
import { authenticateAgent } from "../../lib/tunnels/joining/authenticate.ts";
import { joinAgent, renewCertificate } from "../../lib/tunnels/joining/mutations.ts";
import { followReplicas } from "../../lib/tunnels/replicas/replicas.ts";
import type { Responder } from "../listeners.ts";
import { startConnectionLog } from "./connection-log.ts";
import { createTunnelDoor } from "./tunnel-door.ts";

export interface TunnelsOptions {
  config: Config;
  /** This replica's id: agents hold a connection to each replica. */
  hub: string;
  /** This process, as the log names it. */
  process: string;
  /** Where this replica's processes reach one another's agents; null where this one is alone. */
  siblings: Siblings | null;
}

export interface Siblings {
  /** A folder that nobody else can enter. */
  folder: string;
  /** Which of them this one is. */
  own: number;
  /** How many there are, from 0 on. */
  count: number;
}

export interface RunningTunnels {
  door: Responder;
  /** Takes no more agents; resolves when no call is under way by those there are, or after so long. */
  drain(graceMs: number): Promise<void>;
  stop(): Promise<void>;
}

/** Takes agents at this process's port, and makes them ways to their clusters. */
export async function startTunnels({
  config,
  hub: id,
  process,
  siblings,
}: TunnelsOptions): Promise<RunningTunnels> {
  const connections = startConnectionLog({ hub: id, process });
  let onHubsChange = () => {};
  const replicas = await followReplicas({ hub: id, says: true, onChange: () => onHubsChange() });
  const readAddress = createClientAddressReader(config.trustedProxies);
  const addressOf = ({ socket, headers }: IncomingMessage) =>
    readAddress(socket.remoteAddress, headers["x-forwarded-for"]?.toString());
  const contextOf = (from: { address: string | null; userAgent: string | null }): Context => ({
    actor: { kind: "anonymous" },
    sourceIp: from.address,
    userAgent: from.userAgent,
    requestId: randomUUID(),
  });
  const contextOfRequest = (request: IncomingMessage) =>
    contextOf({ address: addressOf(request), userAgent: request.headers["user-agent"] ?? null });
  const hub = new Hub({
    directory: {
      authenticate: (proof, from) => authenticateAgent(contextOf(from), { proof, purpose: "connect" }),
      find: findAgent,
      onChange: onAgentsChange,
    },
    connections,
    addressOf,
    introduction: replicas.introduction,
  });
  onHubsChange = () => hub.tellHubs();
  const own = siblings && serveSiblings(hub, siblings);
  const followed = siblings === null ? null : followSiblings(siblings);
  return {
    door: createTunnelDoor({
      accept: (upgrade) => hub.accept(upgrade),
      join: ({ request, body }) =>
        joinAgent({
          ctx: contextOfRequest(request),
          input: body as Parameters<typeof joinAgent>[0]["input"],
        }),
      async renew({ request, body }) {
        const ctx = contextOfRequest(request);
        const { id: agentId } = await authenticateAgent(ctx, { proof: proofOf(request), purpose: "renew" });
        const asked = body as Omit<Parameters<typeof renewCertificate>[0]["input"], "agentId">;
        return renewCertificate({ ctx, input: { ...asked, agentId } });
      },
    }),
    drain: (graceMs) => hub.drain(graceMs),
    async stop() {
      own?.close();
      followed?.stop();
      await Promise.all([connections.stop(), replicas.stop()]);
    },
  };
}

/** What agents a process of this replica can reach that takes none itself. */
export function followSiblings({ folder, own, count }: Siblings): { stop(): void } {
  const others = Array.from({ length: count }, (_, index) => index).filter((index) => index !== own);
  const followed = others.map((index) => followLinks(socketOf(folder, index)));
  return {
    stop: () => {
      for (const each of followed) each.stop();
    },
  };
}

const socketOf = (folder: string, index: number) => path.join(folder, `hub-${index}.sock`);

function serveSiblings(hub: Hub, { folder, own }: Siblings): { close(): void } {
  const server = createLinksServer({
    sessions: () => hub.sessions.values(),
    find: (id) => hub.sessions.get(id),
    onChange: (listener) => hub.onChange(listener),
  });
  const socket = socketOf(folder, own);
  // A process that was killed leaves its own.
  rmSync(socket, { force: true });
  server.listen(socket);
  return {
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
