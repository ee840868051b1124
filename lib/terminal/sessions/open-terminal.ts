import { randomUUID } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { recordEventAlone } from "../../audit/events/record.ts";
import type { Context } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { issueTerminalToken, revokeTerminalToken } from "../../identity/terminal-tokens/terminal-token.ts";
import { log } from "../../log.ts";
import type { RecordedSession } from "../../recordings/recorded-session.ts";
import { openRecording } from "../../recordings/recorder/open-recording.ts";
import { CommandLog } from "./command-log.ts";
import { readHistory, saveHistoryLine } from "./history.ts";
import { Terminal } from "./terminal.ts";
import { endOf, type TerminalEnd } from "./terminal-end.ts";
import type { TerminalOwner } from "./terminal-owner.ts";
import type { TerminalServices } from "./terminal-services.ts";

export interface NewTerminal {
  ctx: Context;
  owner: TerminalOwner;
  cluster: { id: string; name: string; endpoint: string };
  /** That commands without `-n` speak of. */
  namespace: string;
  size: { columns: number; rows: number };
  onEnded(terminal: Terminal): void;
}

/** Undone, the last first, where a step fails: nothing half open stays. */
type Undo = (() => Promise<unknown> | undefined)[];

/**
 * Opens a terminal: its folder, token, way to the cluster, recording, and event, then its shell.
 * @throws AppError where one of them is not to be had; nothing is left then.
 */
export async function openTerminal(services: TerminalServices, asked: NewTerminal): Promise<Terminal> {
  const undo: Undo = [];
  try {
    return await open(services, asked, undo);
  } catch (error) {
    for (const step of undo.reverse()) {
      await step()?.catch((cause: unknown) =>
        log.error({ err: cause }, "what was made for a terminal that did not open could not be removed"),
      );
    }
    throw error;
  }
}

async function open(services: TerminalServices, asked: NewTerminal, undo: Undo): Promise<Terminal> {
  const { ctx, owner, cluster, size } = asked;
  const id = randomUUID();
  const folder = path.join(services.folder, id.slice(0, 8));
  await mkdir(folder, { recursive: true, mode: 0o700 });
  undo.push(() => rm(folder, { recursive: true, force: true }));
  const directory = await services.makeDirectory();
  undo.push(() => rm(directory, { recursive: true, force: true }));

  const token = await issueTerminalToken({ ctx, input: { terminalId: id, clusterId: cluster.id } });
  undo.push(() => revokeTerminalToken(token));
  const actor = actorOf(owner);
  const commands = new CommandLog({ actor, cluster, tokenId: token.id, recordingId: id });
  let terminal: Terminal | null = null;
  const relay = await services.openRelay(path.join(folder, "api.sock"), {
    terminalId: id,
    cluster: cluster.name,
    token: token.token,
    clientIp: () => terminal?.clientIp ?? ctx.sourceIp,
    running: () => commands.running,
  });
  undo.push(async () => relay.close());
  const session = recordedSession(asked, { id, tokenId: token.id });
  const recording = await openRecording({
    session,
    policy: "required",
    store: services.recordings,
    onFailure: () => void terminal?.end(endOf("unrecorded")),
  });
  undo.push(async () => recording.discard());
  recording.resize(size);
  const history = await readHistory({ userId: owner.actor.id, clusterId: cluster.id });
  await recordStart(ctx, { id, cluster, tokenId: token.id });

  terminal = new Terminal({
    id,
    owner,
    cluster,
    clientIp: ctx.sourceIp,
    token,
    folder,
    size,
    recording,
    commands,
    redactor: services.redactor,
    saveHistory: (line) => void saveHistoryLine({ userId: owner.actor.id, clusterId: cluster.id }, line),
    relay,
    onEnded: async (ended, end) => {
      asked.onEnded(ended);
      await recordEnd(ctx, ended, end);
    },
  });
  const { namespace } = asked;
  const person = owner.actor.email || owner.actor.name;
  // From here on it ends as every terminal does.
  undo.length = 0;
  try {
    terminal.run(
      services.openShell({
        host: terminal,
        directory,
        cluster: cluster.name,
        person,
        namespace,
        history,
        size,
      }),
    );
  } catch (error) {
    await terminal.end(endOf("failed"));
    throw error;
  }
  // It may have failed when there was no terminal yet to end.
  if (recording.failure !== null) {
    await terminal.end(endOf("unrecorded"));
    throw new AppError("unavailable", endOf("unrecorded").reason);
  }
  return terminal;
}

const actorOf = ({ actor: { kind, id, name, email } }: TerminalOwner) => ({ kind, id, name, email });

function recordedSession(
  { ctx, owner, cluster }: NewTerminal,
  { id, tokenId }: { id: string; tokenId: string },
): RecordedSession {
  return {
    recordingId: id,
    startedAt: Date.now(),
    actor: actorOf(owner),
    cluster,
    kind: "shell",
    namespace: null,
    pod: null,
    container: null,
    commandLine: null,
    tty: true,
    role: null,
    clientIp: ctx.sourceIp,
    clientName: null,
    accessMethod: "Browser",
    protocol: null,
    callId: null,
    sessionId: null,
    tokenId,
    inputRecorded: false,
    projects: [],
    departments: [],
    nodePools: [],
  };
}

interface Opened {
  id: string;
  cluster: NewTerminal["cluster"];
  tokenId: string;
}

function recordStart(ctx: Context, { id, cluster, tokenId }: Opened): Promise<unknown> {
  return recordEventAlone(ctx, {
    action: "Create",
    operation: "Start",
    entityType: "TerminalSession",
    entityId: id,
    entityName: cluster.name,
    cluster,
    after: { recordingId: id, tokenId },
  });
}

/** The terminal is over whether or not this can be written: then the log has it. */
async function recordEnd(ctx: Context, terminal: Terminal, { kind, reason }: TerminalEnd): Promise<void> {
  const { id, cluster, token, startedAt, commands } = terminal;
  try {
    await revokeTerminalToken(token);
    await recordEventAlone(ctx, {
      action: "Delete",
      operation: "End",
      entityType: "TerminalSession",
      entityId: id,
      entityName: cluster.name,
      cluster,
      after: {
        recordingId: id,
        end: kind,
        reason,
        durationMs: Date.now() - startedAt.getTime(),
        commands: commands.count,
      },
    });
  } catch (error) {
    log.error({ err: error, terminalId: id, end: kind }, "the end of a terminal could not be recorded");
  }
}
