import type { Socket } from "node:net";
import type { ConnectionOptions } from "node:tls";
import type { Dispatcher } from "undici";
import type { StreamRecord } from "../../surfaces/stream-record.ts";
import type { Outcome } from "./outcome.ts";

/** Records of one surface in order of No, each with its form. */
export interface Batch {
  /** Names what is in it: the same where the same records are sent again. */
  id: string;
  records: readonly BatchRecord[];
  /** Of the records' forms together, in UTF-8. */
  bytes: number;
  /** Somebody asked for them again: a range, or dead letters. What was sent before stays as it is. */
  again?: boolean;
}

export interface BatchRecord {
  record: StreamRecord;
  /** As the stream's format writes it: JSON in one line. */
  text: string;
}

/** Certificates and names for TLS, as `node:tls` has them. */
export type DestinationTls = Pick<
  ConnectionOptions,
  "ca" | "cert" | "key" | "passphrase" | "servername" | "rejectUnauthorized" | "ALPNProtocols" | "minVersion"
>;

/** What the house gives a destination. Nothing else opens a connection: addresses are checked here, at each connection. */
export interface DestinationTools {
  /** Opens a byte stream. @throws Error in words where the address may not be called, or nothing answers there. */
  dial(address: { host: string; port: number }, signal: AbortSignal): Promise<Socket>;
  /** The same with TLS spoken on it, its certificate checked. */
  dialTls(address: { host: string; port: number }, tls: DestinationTls, signal: AbortSignal): Promise<Socket>;
  /** Connections for HTTP, kept open between batches, at most `connections`. Whoever makes it closes it. */
  dispatcher(options?: { tls?: DestinationTls; connections?: number }): Dispatcher;
  /** The clock, in milliseconds since 1970. */
  now(): number;
  /** The folder that destinations of this machine keep what they write in (streams.folder); its own folder for a stream, made when it is asked for. */
  folder(): Promise<string>;
  /** Names the stream for whoever receives it. */
  stream: { id: string; name: string };
}

/** A way to a receiver that is open while the stream runs in this process. */
export interface Destination {
  /**
   * Sends a batch once, and resolves with what became of it. A test record comes the same way, as a batch of one whose record says `test`.
   * What is rejected counts as `later`, with the error's message. Batches come one after another; within 60 s the signal is aborted.
   */
  send(batch: Batch, signal: AbortSignal): Promise<Outcome>;
  /** Ends its connections. Called once; nothing is sent after. */
  close(): Promise<void>;
}

/** A kind of destination: a folder here with `schema.ts` (browser-safe) and `destination.ts`, a line in ../registry.ts and one in ../schema.ts. */
export interface DestinationKind<Settings = never, Secrets = never> {
  open(input: { settings: Settings; secrets: Secrets; tools: DestinationTools }): Destination;
  /** Secrets that are made here where they are not given, such as what a webhook is signed with: told once, to whoever made the stream. */
  makeSecrets?(given: Readonly<Record<string, string>>): Record<string, string>;
  /** What settings mean beyond their form, such as whether an address may be called. @throws AppError `invalid_argument` of a field `settings.<name>`. */
  check?(settings: Settings): Promise<void>;
}
