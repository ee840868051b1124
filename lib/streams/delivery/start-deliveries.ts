import { randomUUID } from "node:crypto";
import type pg from "pg";
import { register } from "prom-client";
import type { AuditScope } from "../../audit/query/scope.ts";
import { onPostgres, type RunSql } from "../../audit/store/sql.ts";
import { subscribeNotifications } from "../../db/notifications.ts";
import { createPool } from "../../db/pool.ts";
import { log } from "../../log.ts";
import { STREAM_CHANNEL } from "../stored/channel.ts";
import { installationId } from "../stored/installation-id.ts";
import { readDefinition, type StreamDefinition } from "../stored/stream-row.ts";
import { claimStreams, findStreams, releaseStreams } from "./claim.ts";
import { Lease, LOOK_AGAIN_MS } from "./lease.ts";
import { registerStreamMetrics } from "./metrics.ts";
import { noteFailure } from "./noted.ts";
import { StreamRunner } from "./runner.ts";

/** All streams of a process share so many: none holds one but for a statement. */
const CONNECTIONS = 3;
/** They read pages and move cursors: a statement that takes longer waits for a lock, and is tried again. */
const STATEMENT_MS = 10_000;

export interface DeliveryOptions {
  databaseUrl: string;
  /** That of everybody's records. */
  scope: AuditScope;
  /** The console's address, which receivers are told. */
  installation: string;
}

export interface RunningDeliveries {
  /** Looks for what has changed, and resolves when it runs. */
  look(): Promise<void>;
  /** What is wrong, a sentence for anybody. */
  troubles(): string[];
  /** Ends each after the batch that it is at. */
  stop(): Promise<void>;
}

/** Delivers the streams of which this process gets the lease, as they come, change and go, on connections of their own. */
export function startDeliveries(options: DeliveryOptions): RunningDeliveries {
  return new Deliveries(options);
}

class Deliveries implements RunningDeliveries {
  readonly #options: DeliveryOptions;
  readonly #pool: pg.Pool;
  readonly #run: RunSql;
  readonly #owner = randomUUID();
  readonly #runners = new Map<string, StreamRunner>();
  readonly #ending = new Map<string, Promise<void>>();
  readonly #leases = new Map<string, Lease>();
  /** Streams that this version does not understand, as of a revision. */
  readonly #unreadable = new Map<string, number>();
  readonly #timer: NodeJS.Timeout;
  readonly #unsubscribe: () => void;
  #looking: Promise<void> | null = null;
  #again = false;
  #stopped = false;
  /** PostgreSQL did not answer the last time. */
  #lost = false;
  #id: string | null = null;
  #failing = 0;

  constructor(options: DeliveryOptions) {
    this.#options = options;
    this.#pool = createPool(options.databaseUrl, {
      max: CONNECTIONS,
      applicationName: "kubewitness streams",
      statementMs: STATEMENT_MS,
      answerMs: STATEMENT_MS + 5_000,
    });
    this.#run = onPostgres(this.#pool);
    registerStreamMetrics(register, this.#run);
    const changed = () => {
      for (const runner of this.#runners.values()) runner.wake();
      void this.look();
    };
    this.#unsubscribe = subscribeNotifications(STREAM_CHANNEL, {
      onNotification: changed,
      onConnected: changed,
    });
    this.#timer = setInterval(() => {
      this.#cutOffLost();
      void this.look();
    }, LOOK_AGAIN_MS / 2);
    this.#timer.unref();
    void this.look();
  }

  look(): Promise<void> {
    if (this.#stopped) return Promise.resolve();
    this.#again = true;
    this.#looking ??= this.#lookWhileAsked().finally(() => {
      this.#looking = null;
    });
    return this.#looking;
  }

  troubles(): string[] {
    const count = this.#failing;
    if (count === 0) return [];
    return [
      `${count === 1 ? "a stream does" : `${count} streams do`} not get on: Administration › Streams says why`,
    ];
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    this.#unsubscribe();
    await this.#looking;
    await Promise.all([...this.#runners.keys(), ...this.#ending.keys()].map((id) => this.#end(id)));
    await this.#pool.end();
  }

  async #lookWhileAsked(): Promise<void> {
    while (this.#again && !this.#stopped) {
      this.#again = false;
      try {
        await this.#look();
        if (this.#lost) log.info("streams: they are found again");
        this.#lost = false;
      } catch (err) {
        if (!this.#lost)
          log.warn({ err }, "streams: they cannot be looked for, which is tried again each second");
        this.#lost = true;
      }
    }
  }

  /** What another process may have by now ends here, whether PostgreSQL answers or not. */
  #cutOffLost(): void {
    for (const [id, runner] of this.#runners) if (this.#leases.get(id)!.left <= 0) runner.cutOff();
  }

  async #look(): Promise<void> {
    const began = performance.now();
    const streams = await findStreams(this.#run);
    this.#failing = streams.filter(({ failing }) => failing).length;
    const wanted = new Map(streams.flatMap(({ id, revision, wanted }) => (wanted ? [[id, revision]] : [])));
    // Nobody waits for it: the leases of the others are to be renewed meanwhile.
    for (const [id, { stream }] of this.#runners)
      if (wanted.get(id) !== stream.revision && !this.#ending.has(id))
        void this.#end(id).then(() => this.look());
    const except = [...this.#unreadable].filter(([id, revision]) => wanted.get(id) === revision);
    const rows = await claimStreams(
      this.#run,
      this.#owner,
      except.map(([id]) => id),
    );
    for (const row of rows) await this.#hold(row, began);
  }

  async #hold(row: { id: string; revision: number }, began: number): Promise<void> {
    const lease = this.#leases.get(row.id) ?? new Lease();
    this.#leases.set(row.id, lease);
    lease.renewed(began);
    if (this.#runners.has(row.id) || this.#ending.has(row.id)) return;
    let stream: StreamDefinition;
    try {
      stream = readDefinition(row);
    } catch (error) {
      const { message: reason } = error as Error;
      await noteFailure(this.#run, { streamId: row.id, owner: this.#owner, reason });
      // A replica of another version may know it.
      this.#unreadable.set(row.id, row.revision);
      return releaseStreams(this.#run, this.#owner, [row.id]);
    }
    this.#id ??= await installationId(this.#pool);
    this.#start(stream, lease);
  }

  #start(stream: StreamDefinition, lease: Lease): void {
    const { scope, installation } = this.#options;
    const runner = new StreamRunner({
      stream,
      run: this.#run,
      scope,
      owner: this.#owner,
      lease,
      installation,
      installationId: this.#id!,
    });
    this.#runners.set(stream.id, runner);
    void runner.done.then(() => {
      if (this.#runners.get(stream.id) === runner) this.#runners.delete(stream.id);
    });
  }

  /** Whoever asks for it meanwhile waits for the same end. */
  #end(id: string): Promise<void> {
    const ending = this.#ending.get(id) ?? this.#endRunner(id).finally(() => this.#ending.delete(id));
    this.#ending.set(id, ending);
    return ending;
  }

  async #endRunner(id: string): Promise<void> {
    await this.#runners.get(id)?.stop();
    this.#runners.delete(id);
    await releaseStreams(this.#run, this.#owner, [id]).catch((err: Error) =>
      log.warn({ err }, "streams: a lease was not given back; it ends by itself"),
    );
  }
}
