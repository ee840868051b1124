import { setTimeout as delay } from "node:timers/promises";
import { clusterAccess } from "../../access/cluster-access.ts";
import { onDecisionTable } from "../../access/table/current.ts";
import { findClusterById, onClustersChange } from "../../clusters/registry.ts";
import { config, onConfigChange } from "../../config.ts";
import type { Context } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { log } from "../../log.ts";
import { onIdentityChange, onRevocation, type RevokedSubject } from "../../revocation/revocation.ts";
import type { OfferedFile } from "./downloads.ts";
import { openTerminal } from "./open-terminal.ts";
import type { OpenedTerminal, OpenTerminalInput, TerminalTicket, TerminalView } from "./schema.ts";
import { findEnd, nowAtCluster } from "./still-allowed.ts";
import type { Terminal } from "./terminal.ts";
import { endOf } from "./terminal-end.ts";
import { requireOwner, type TerminalOwner } from "./terminal-owner.ts";
import type { TerminalServices } from "./terminal-services.ts";
import { Tickets } from "./tickets.ts";

/** Of one person at once, and of all. Each is a shell, a screen and a recording. */
export const MOST_OF_PERSON = 8;
const MOST_IN_PROCESS = 200;

/** How often each is asked whether it may go on, though nobody told of a change: time passes, and notifications can be lost. */
const SWEEP_MS = 5_000;
/** After news, so that a burst of them is one sweep. */
const SOON_MS = 50;
const EXTEND_MS = 3 * 60_000;
const DRAIN_MS = 8_000;

/** The terminals of this process. */
export class Terminals {
  readonly #services: TerminalServices;
  readonly #terminals = new Map<string, Terminal>();
  readonly #opening = new Map<string, number>();
  readonly #tickets = new Tickets();
  readonly #stops: (() => void)[];
  #draining = false;
  #soon: NodeJS.Timeout | null = null;

  constructor(services: TerminalServices) {
    this.#services = services;
    const sweep = setInterval(() => void this.#sweep(), SWEEP_MS);
    const extend = setInterval(() => void this.#extend(), EXTEND_MS);
    sweep.unref();
    extend.unref();
    this.#stops = [
      () => clearInterval(sweep),
      () => clearInterval(extend),
      onRevocation((subject) => this.#revoked(subject)),
      onIdentityChange(() => this.#sweepSoon()),
      onDecisionTable(() => this.#sweepSoon()),
      onClustersChange(() => this.#sweepSoon()),
      onConfigChange(() => this.#sweepSoon()),
    ];
  }

  get size(): number {
    return this.#terminals.size;
  }

  /**
   * Opens a terminal for who comes with a console session, and gives a ticket for it.
   * @throws AppError `permission_denied`, `not_found` for a cluster that no grant of theirs reaches, `resource_exhausted`.
   */
  async open(ctx: Context, input: OpenTerminalInput): Promise<OpenedTerminal> {
    const owner = requireOwner(ctx);
    if (this.#draining) throw draining();
    const cluster = findClusterById(input.clusterId);
    const access =
      cluster &&
      clusterAccess(owner.actor, cluster.id, nowAtCluster(ctx.sourceIp, ctx.credential?.secondFactorAt));
    if (!cluster || !access) {
      throw new AppError("not_found", "There is no cluster with that id that a grant of yours reaches.");
    }
    const leave = this.#takePlace(owner.actor.id);
    try {
      const { id, name, endpoint } = cluster;
      const terminal = await openTerminal(this.#services, {
        ctx,
        owner,
        cluster: { id, name, endpoint },
        namespace: access.namespaces?.[0] ?? "default",
        size: { columns: input.columns ?? 80, rows: input.rows ?? 24 },
        onEnded: (ended) => this.#forget(ended),
      });
      if (this.#draining) {
        await terminal.end(endOf("draining"));
        throw draining();
      }
      this.#terminals.set(terminal.id, terminal);
      // What changed while it was opened asked nobody of it; and it may be over already.
      if (terminal.isOver) this.#forget(terminal);
      else this.#sweepSoon();
      return { ...viewTerminal(terminal), ...this.#ticketFor(terminal) };
    } finally {
      leave();
    }
  }

  /** One's own in this console session, oldest first. */
  list(ctx: Context): TerminalView[] {
    const owner = requireOwner(ctx);
    return [...this.#terminals.values()].filter((terminal) => isOwn(terminal, owner)).map(viewTerminal);
  }

  /** Another ticket, to connect again. @throws AppError `not_found` */
  ticket(ctx: Context, terminalId: string): TerminalTicket {
    return this.#ticketFor(this.#requireOwn(ctx, terminalId));
  }

  /** Ends one's own. @throws AppError `not_found` */
  async close(ctx: Context, terminalId: string): Promise<void> {
    await this.#requireOwn(ctx, terminalId).end(endOf("closed"));
  }

  /** A file that was offered, once. @throws AppError `not_found` */
  takeDownload(
    ctx: Context,
    { terminalId, downloadId }: { terminalId: string; downloadId: string },
  ): OfferedFile {
    const file = this.#requireOwn(ctx, terminalId).downloads.take(downloadId);
    if (!file)
      throw new AppError("not_found", "That file was downloaded already, or is not offered any more.");
    return file;
  }

  /** The terminal that a ticket is for, which is used up; null where it does not count: for another terminal or session, twice, too late. */
  redeem(
    owner: TerminalOwner,
    { terminalId, ticket }: { terminalId: string; ticket: string },
  ): Terminal | null {
    const counts = this.#tickets.redeem(ticket, { terminalId, sessionId: owner.sessionId });
    const terminal = this.#terminals.get(terminalId);
    return counts && terminal && isOwn(terminal, owner) ? terminal : null;
  }

  /** Ends all, and opens none any more. */
  async drain(): Promise<void> {
    this.#draining = true;
    for (const stop of this.#stops) stop();
    if (this.#soon) clearTimeout(this.#soon);
    const ended = [...this.#terminals.values()].map((terminal) => terminal.end(endOf("draining")));
    // What cannot be written by then, others find unfinished.
    await Promise.race([Promise.all(ended), delay(DRAIN_MS, undefined, { ref: false })]);
  }

  #takePlace(personId: string): () => void {
    const ofPerson = [...this.#terminals.values()].filter(({ owner }) => owner.actor.id === personId).length;
    const opening = this.#opening.get(personId) ?? 0;
    if (ofPerson + opening >= MOST_OF_PERSON) {
      throw new AppError(
        "resource_exhausted",
        `You have ${MOST_OF_PERSON} terminals, which is the most at once. Close one that you do not need.`,
      );
    }
    const inAll = [...this.#opening.values()].reduce((sum, count) => sum + count, this.#terminals.size);
    if (inAll >= MOST_IN_PROCESS) {
      throw new AppError("resource_exhausted", "Too many terminals are open here. Try again later.", {
        retryAfterSeconds: 60,
      });
    }
    this.#opening.set(personId, opening + 1);
    return () => {
      const left = (this.#opening.get(personId) ?? 1) - 1;
      if (left === 0) this.#opening.delete(personId);
      else this.#opening.set(personId, left);
    };
  }

  #ticketFor({ id: terminalId, owner: { sessionId } }: Terminal): TerminalTicket {
    const { ticket, expiresAt } = this.#tickets.issue({ terminalId, sessionId });
    return { ticket, ticketExpiresAt: expiresAt.toISOString() };
  }

  #requireOwn(ctx: Context, terminalId: string): Terminal {
    const terminal = this.#terminals.get(terminalId);
    // Another person's and none at all look the same from outside.
    if (terminal && isOwn(terminal, requireOwner(ctx))) return terminal;
    throw new AppError("not_found", "You have no terminal with that id in this session, or it has ended.");
  }

  #forget(terminal: Terminal): void {
    this.#terminals.delete(terminal.id);
    this.#tickets.forget(terminal.id);
  }

  /** What is taken by name ends at once; of a person or a group it is asked what they may now. */
  #revoked({ kind, id }: RevokedSubject): void {
    for (const terminal of this.#terminals.values()) {
      if (kind === "session" && terminal.owner.sessionId === id) void terminal.end(endOf("session"));
      if (kind === "token" && terminal.token.id === id) void terminal.end(endOf("revoked"));
      if (kind === "cluster" && terminal.cluster.id === id) void terminal.end(endOf("cluster"));
    }
    this.#sweepSoon();
  }

  #sweepSoon(): void {
    if (this.#draining) return;
    this.#soon ??= setTimeout(() => {
      this.#soon = null;
      void this.#sweep();
    }, SOON_MS).unref();
  }

  async #sweep(): Promise<void> {
    const { enabled, idleMs } = config().webShell;
    await Promise.all(
      [...this.#terminals.values()].map(async (terminal) => {
        if (!enabled) return terminal.end(endOf("off"));
        if (terminal.idleMs() > idleMs) return terminal.end(endOf("idle"));
        const end = await findEnd(terminal);
        if (end) await terminal.end(end);
      }),
    );
  }

  async #extend(): Promise<void> {
    for (const terminal of [...this.#terminals.values()]) {
      try {
        await terminal.extendToken();
      } catch (error) {
        log.warn(
          { err: error, terminalId: terminal.id },
          "a terminal's token could not be extended; it is tried again",
        );
      }
    }
  }
}

const draining = () => new AppError("unavailable", endOf("draining").reason, { retryAfterSeconds: 5 });

const isOwn = ({ owner }: Terminal, { actor, sessionId }: TerminalOwner): boolean =>
  owner.actor.id === actor.id && owner.sessionId === sessionId;

const viewTerminal = ({ id, cluster, startedAt }: Terminal): TerminalView => ({
  terminalId: id,
  clusterId: cluster.id,
  clusterName: cluster.name,
  recordingId: id,
  startedAt: startedAt.toISOString(),
});
