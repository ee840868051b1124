import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import {
  type CommandEnd,
  type NewCommandFact,
  recordCommandEnd,
  recordCommandStart,
} from "../../audit/request-audit/command-facts.ts";
import type { ActorTerm } from "../../audit/store/dictionary.ts";
import { gatewayPool } from "../../db/connection.ts";
import { log } from "../../log.ts";

/** The line that runs, as its calls have it. */
export interface RunningCommand {
  id: string;
  /** Redacted. */
  line: string;
  startedAt: Date;
}

type OfTerminal = Omit<NewCommandFact, "commandId" | "startedAt" | "line" | "clientIp" | "actor"> & {
  actor: ActorTerm;
};

/** How often an end is tried while the database is away, and how long after the one before: five minutes in all. */
const END_ATTEMPTS = 30;
const END_RETRY_MS = 10_000;
/** As a shell says it of a program that was killed (128 + SIGKILL). */
const KILLED = 137;

/** Puts one terminal's command lines on the record. */
export class CommandLog {
  readonly #of: OfTerminal;
  readonly #ends = new Set<Promise<void>>();
  #running: RunningCommand | null = null;
  /** So many were run. */
  count = 0;

  constructor(of: OfTerminal) {
    this.#of = of;
  }

  get running(): RunningCommand | null {
    return this.#running;
  }

  /** @throws AppError `unavailable` where the line is not on the record, and must not run. */
  async start(line: string, clientIp: string | null): Promise<RunningCommand> {
    const command = { id: randomUUID(), line, startedAt: new Date() };
    const { id: commandId, startedAt } = command;
    await recordCommandStart(gatewayPool(), { ...this.#of, commandId, startedAt, line, clientIp });
    this.#running = command;
    this.count += 1;
    return command;
  }

  /** Its end is written as soon as the database takes it; nothing waits for that. */
  end(id: string, outcome: Pick<CommandEnd, "exitCode" | "durationMs">): void {
    const command = this.#running;
    if (command?.id !== id) return;
    this.#running = null;
    const written = writeEnd({ commandId: id, startedAt: command.startedAt, ...outcome }).finally(() =>
      this.#ends.delete(written),
    );
    this.#ends.add(written);
  }

  /** Ends the line that still runs, if one does: it is killed with its terminal. */
  endKilled(): void {
    if (this.#running === null) return;
    const { id, startedAt } = this.#running;
    this.end(id, { exitCode: KILLED, durationMs: Date.now() - startedAt.getTime() });
  }

  /** Resolves when the ends are written, at most after `mostMs`. */
  async settled(mostMs: number): Promise<void> {
    await Promise.race([Promise.all(this.#ends), delay(mostMs, undefined, { ref: false })]);
  }
}

async function writeEnd(end: CommandEnd): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await recordCommandEnd(gatewayPool(), end);
      return;
    } catch (error) {
      if (attempt === END_ATTEMPTS) {
        log.error(
          { err: error, commandId: end.commandId },
          "how a command of the web shell ended could not be written",
        );
        return;
      }
      await delay(END_RETRY_MS, undefined, { ref: false });
    }
  }
}
