import { createHash, randomBytes } from "node:crypto";

/** How long a ticket counts: it is used at once. */
const TICKET_MS = 30_000;
/** Of one terminal; a browser asks for one at a time. */
const MOST_OF_TERMINAL = 4;

interface Ticket {
  terminalId: string;
  /** The console session that asked for it. */
  sessionId: string;
  expiresAt: number;
}

const hashOf = (ticket: string): string => createHash("sha256").update(ticket).digest("base64");

/** The rights to connect to a terminal: each once, within seconds, by the session that asked. Only hashes are kept. */
export class Tickets {
  readonly #tickets = new Map<string, Ticket>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** One more; of a terminal's oldest ones those too many are forgotten. */
  issue(of: Omit<Ticket, "expiresAt">): { ticket: string; expiresAt: Date } {
    this.#forgetExpired();
    const others = [...this.#tickets].filter(([, { terminalId }]) => terminalId === of.terminalId);
    for (const [hash] of others.slice(0, Math.max(0, others.length - MOST_OF_TERMINAL + 1)))
      this.#tickets.delete(hash);
    const ticket = randomBytes(32).toString("base64url");
    const expiresAt = this.#now() + TICKET_MS;
    this.#tickets.set(hashOf(ticket), { ...of, expiresAt });
    return { ticket, expiresAt: new Date(expiresAt) };
  }

  /** Uses a ticket up. Whether it was one for that terminal and session, and in time. */
  redeem(ticket: string, { terminalId, sessionId }: Omit<Ticket, "expiresAt">): boolean {
    const hash = hashOf(ticket);
    const found = this.#tickets.get(hash);
    this.#tickets.delete(hash);
    return (
      found !== undefined &&
      found.expiresAt > this.#now() &&
      found.terminalId === terminalId &&
      found.sessionId === sessionId
    );
  }

  /** The terminal is no more. */
  forget(terminalId: string): void {
    for (const [hash, ticket] of this.#tickets)
      if (ticket.terminalId === terminalId) this.#tickets.delete(hash);
  }

  #forgetExpired(): void {
    const now = this.#now();
    for (const [hash, { expiresAt }] of this.#tickets) if (expiresAt <= now) this.#tickets.delete(hash);
  }
}
