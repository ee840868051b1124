import pg from "pg";
import { log } from "../log.ts";
import { processState } from "../process-state.ts";
import { databaseUrl } from "./connection.ts";

// One connection of the process listens to every channel. While it is away notifications are lost: each subscriber is told to
// look again when it is back. A dead connection may take long to be noticed, so whoever caches also polls or expires.

export interface NotificationSubscriber {
  onNotification(payload: string): void;
  /** The connection is there (again): anything may have been missed. */
  onConnected?(): void;
}

interface Connection {
  client: pg.Client | null;
  /** Settles once every channel so far is listened to: a connection takes one statement after the other. */
  listened: Promise<unknown>;
  stopped: boolean;
  retry: NodeJS.Timeout | null;
}

const subscribers = processState(
  "db/notifications/subscribers",
  () => new Map<string, Set<NotificationSubscriber>>(),
);
const state = processState("db/notifications", () => ({ connection: null as Connection | null }));

const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 5_000;

/** Tells `subscriber` of every NOTIFY on `channel` (an SQL identifier). Returns the unsubscriber. */
export function subscribeNotifications(channel: string, subscriber: NotificationSubscriber): () => void {
  const known = subscribers.get(channel);
  subscribers.set(channel, new Set([...(known ?? []), subscriber]));
  if (!known && state.connection?.client) listenNext(state.connection, state.connection.client, channel);
  return () => {
    subscribers.get(channel)?.delete(subscriber);
  };
}

/** A failure of its statement ends the connection, and the next one listens to every channel. */
function listenNext(connection: Connection, client: pg.Client, channel: string): void {
  connection.listened = connection.listened.then(() => client.query(`listen ${channel}`)).catch(() => {});
}

function notifyProcess(channel: string, payload: string): void {
  for (const subscriber of subscribers.get(channel) ?? []) {
    // What one cannot take must not keep a revocation from the next, nor end the connection's reader.
    try {
      subscriber.onNotification(payload);
    } catch (error) {
      log.error({ err: error, channel }, "a notification was not taken");
    }
  }
}

/** Starts to listen. Called once, by the composition root (or a test), after `connectDatabase`. */
export async function startNotifications(): Promise<void> {
  if (state.connection) throw new Error("startNotifications: this process listens already");
  const connection: Connection = { client: null, listened: Promise.resolve(), stopped: false, retry: null };
  state.connection = connection;
  await connect(connection);
}

export async function stopNotifications(): Promise<void> {
  const { connection } = state;
  state.connection = null;
  if (!connection) return;
  connection.stopped = true;
  if (connection.retry) clearTimeout(connection.retry);
  await connection.client?.end();
}

async function connect(connection: Connection): Promise<void> {
  const client = new pg.Client({
    connectionString: databaseUrl(),
    application_name: "kubewitness listener",
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
  });
  // "error" comes with a lost connection, which "end" handles; without a listener it would end the process.
  client.on("error", () => {});
  client.on("notification", ({ channel, payload }) => notifyProcess(channel, payload ?? ""));
  await client.connect();
  for (const channel of subscribers.keys()) await client.query(`listen ${channel}`);
  client.on("end", () => {
    connection.client = null;
    reconnect(connection, FIRST_RETRY_MS);
  });
  connection.client = client;
  for (const each of subscribers.values()) for (const subscriber of each) subscriber.onConnected?.();
}

function reconnect(connection: Connection, delayMs: number): void {
  if (connection.stopped) return;
  connection.retry = setTimeout(() => {
    connect(connection).catch(() => reconnect(connection, Math.min(delayMs * 2, LONGEST_RETRY_MS)));
  }, delayMs);
}
