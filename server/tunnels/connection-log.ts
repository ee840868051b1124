import { systemContext } from "../../lib/context.ts";
import { log } from "../../lib/log.ts";
import { logConnect, logDisconnect, logStillThere, logTraffic } from "../../lib/tunnels/connections/log.ts";
import type { AgentSession } from "../../lib/tunnels/hub/agent-session.ts";
import type { ConnectionLog } from "../../lib/tunnels/hub/hub.ts";

const EVERY_MS = 5_000;

/** Writes down which agents' connections this process has, and every few seconds what passed on them. */
export function startConnectionLog({
  hub,
  process,
  everyMs = EVERY_MS,
}: {
  hub: string;
  process: string;
  everyMs?: number;
}): ConnectionLog & { stop(): Promise<void> } {
  /** The connections, with their ids in the log. */
  const open = new Map<AgentSession, string>();
  const ends = new Set<Promise<void>>();
  const tell = async () => {
    const told = [...open];
    const ended = await logTraffic(told.map(([session, id]) => ({ id, ...session.traffic })));
    // Another process took this one for gone, as after a while without the database.
    for (const [session, id] of told)
      if (ended.includes(id) && open.has(session)) await logStillThere(contextOf(session), id);
  };
  let telling = Promise.resolve();
  const timer = setInterval(() => {
    telling = telling
      .then(tell)
      .catch((error: unknown) =>
        log.warn({ err: error }, "what passed on agents' connections was not written down"),
      );
  }, everyMs);
  timer.unref();
  const close = (session: AgentSession) => {
    const id = open.get(session);
    if (id === undefined || !open.delete(session)) return;
    const { traffic, ending } = session;
    // After what is being said of it as open.
    const end = telling
      .then(() =>
        logDisconnect(contextOf(session), { id, ending: ending ?? "the connection ended", traffic }),
      )
      // The keeper ends it in the log, since nobody says any more that it is there.
      .catch((error: unknown) =>
        log.warn({ err: error }, "the end of an agent's connection was not written down"),
      )
      .finally(() => ends.delete(end));
    ends.add(end);
  };
  return {
    async opened(session) {
      const { agent, introduction } = session;
      const { version, tags, instance } = introduction;
      const opened = { agentId: agent.id, instance, hub, process, version, tags };
      open.set(session, await logConnect(contextOf(session), opened));
      // It may have ended meanwhile.
      if (session.ending !== null) close(session);
    },
    closed: close,
    async stop() {
      clearInterval(timer);
      await telling;
      await Promise.all(ends);
    },
  };
}

const contextOf = ({ address }: AgentSession) => ({ ...systemContext("agents"), sourceIp: address });
