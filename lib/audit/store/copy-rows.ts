import type pg from "pg";

/** As `pg.Connection` has them; its types leave them out. */
interface CopyConnection extends pg.Connection {
  endCopyFrom(): void;
}

const COPY_DATA = 0x64;

/**
 * Runs `COPY ... FROM STDIN` with all of its data, sent with the statement: PostgreSQL passes over data for which a statement that failed
 * does not ask (its documentation: "Frontend/Backend Protocol", "COPY Operations").
 */
export function copyRows(client: pg.PoolClient, statement: string, data: Buffer): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  client.query(new Copy(statement, data, (error) => (error ? reject(error) : resolve())));
  return promise;
}

/** What the driver calls of a query (pg, `lib/query.js`). */
class Copy implements pg.Submittable {
  readonly #statement: string;
  readonly #data: Buffer;
  /** The driver puts its own around it where a query has a time limit. */
  callback: (error: Error | null) => void;
  #ended = false;

  constructor(statement: string, data: Buffer, callback: (error: Error | null) => void) {
    this.#statement = statement;
    this.#data = data;
    this.callback = callback;
  }

  submit(connection: pg.Connection): void {
    const { stream } = connection;
    const head = Buffer.allocUnsafe(5);
    head[0] = COPY_DATA;
    head.writeInt32BE(this.#data.length + 4, 1);
    stream.cork();
    connection.query(this.#statement);
    stream.write(head);
    stream.write(this.#data);
    (connection as CopyConnection).endCopyFrom();
    stream.uncork();
  }

  handleCopyInResponse(): void {}

  handleCommandComplete(): void {}

  handleError(error: Error): void {
    this.#end(error);
  }

  handleReadyForQuery(): void {
    this.#end(null);
  }

  #end(error: Error | null): void {
    if (this.#ended) return;
    this.#ended = true;
    this.callback(error);
  }
}
