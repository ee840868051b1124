import { z } from "zod";

/** Subprotocol of a terminal's socket, and what the one with the ticket begins with. */
export const TERMINAL_PROTOCOL = "kubewitness.terminal.v1";
export const TICKET_PROTOCOL_PREFIX = "kubewitness.ticket.";

const columns = z.int().min(2, "takes 2 to 500").max(500, "takes 2 to 500");
const rows = z.int().min(1, "takes 1 to 300").max(300, "takes 1 to 300");

export const OpenTerminalInput = z.strictObject({
  clusterId: z.uuid("takes the id of a cluster"),
  columns: columns.optional(),
  rows: rows.optional(),
});
export type OpenTerminalInput = z.infer<typeof OpenTerminalInput>;

/** A right to connect to a terminal, once. */
export const TerminalTicket = z.object({
  ticket: z.string(),
  ticketExpiresAt: z.iso.datetime(),
});
export type TerminalTicket = z.infer<typeof TerminalTicket>;

export const TerminalView = z.object({
  terminalId: z.uuid(),
  clusterId: z.uuid(),
  clusterName: z.string(),
  /** Of its screen. */
  recordingId: z.uuid(),
  startedAt: z.iso.datetime(),
});
export type TerminalView = z.infer<typeof TerminalView>;
export const TerminalList = z.object({ terminals: z.array(TerminalView) });

export const OpenedTerminal = TerminalView.extend(TerminalTicket.shape);
export type OpenedTerminal = z.infer<typeof OpenedTerminal>;

export const TerminalDownloadPath = z.strictObject({
  id: z.uuid("takes an id (UUID)"),
  downloadId: z.uuid("takes an id (UUID)"),
});

/** Bytes that the browser has not drawn yet, from which on the shell is held, and below which it goes on. */
export const HELD_ABOVE_BYTES = 512 * 1024;
export const RELEASED_BELOW_BYTES = 128 * 1024;
/** What the browser acknowledges at a time. */
export const ACKNOWLEDGE_BYTES = 64 * 1024;
/** How long a terminal is kept for somebody who is not connected to it. */
export const KEPT_MS = 5 * 60_000;
export const MOST_UPLOAD_BYTES = 32 * 2 ** 20;
export const UPLOAD_CHUNK_BYTES = 64 * 1024;
/** Of what was edited in the page: more than an object of Kubernetes may be (1.5 MiB in etcd). */
export const MOST_EDITED_CHARACTERS = 1_600_000;

const id = z.uuid();

/** From the browser, as JSON in text frames. A binary frame is a piece of the file that is being uploaded. */
export const ClientMessage = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("input"), data: z.string().max(65_536) }),
  z.strictObject({ type: z.literal("resize"), columns, rows }),
  /** So many bytes of output were drawn. */
  z.strictObject({ type: z.literal("ack"), bytes: z.int().positive() }),
  z.strictObject({ type: z.literal("ping") }),
  /** Null: given up. */
  z.strictObject({ type: z.literal("edited"), id, text: z.string().max(MOST_EDITED_CHARACTERS).nullable() }),
  z.strictObject({ type: z.literal("upload"), id, name: z.string().min(1).max(255), size: z.int().min(0) }),
  z.strictObject({ type: z.literal("uploadEnd"), id }),
  z.strictObject({ type: z.literal("uploadGivenUp"), id }),
]);
export type ClientMessage = z.infer<typeof ClientMessage>;

/** Why a terminal ended. `disconnected`: nobody came back to it. */
export const TerminalEndKind = z.enum([
  "left",
  "closed",
  "idle",
  "disconnected",
  "session",
  "revoked",
  "cluster",
  "terminated",
  "off",
  "draining",
  "unrecorded",
  "failed",
]);
export type TerminalEndKind = z.infer<typeof TerminalEndKind>;

/** To the browser, as JSON in text frames. A binary frame is output. */
export const ServerMessage = z.discriminatedUnion("type", [
  /** First: draws the screen as it stands; the output that follows goes on from there. */
  z.object({ type: z.literal("screen"), columns: z.int(), rows: z.int(), data: z.string() }),
  z.object({ type: z.literal("pong") }),
  z.object({ type: z.literal("edit"), id, name: z.string(), text: z.string() }),
  z.object({ type: z.literal("askUpload"), id, mostBytes: z.int() }),
  /** So much of the file has arrived; more may be sent. */
  z.object({ type: z.literal("uploaded"), id, bytes: z.int() }),
  z.object({ type: z.literal("uploadRefused"), id, message: z.string() }),
  z.object({ type: z.literal("download"), id, name: z.string(), size: z.int() }),
  z.object({ type: z.literal("ended"), kind: TerminalEndKind, reason: z.string() }),
]);
export type ServerMessage = z.infer<typeof ServerMessage>;

/** Codes that the socket is closed with (RFC 6455 §7.4.2, private use). */
export const CLOSE_CODES = { ended: 4000, openedElsewhere: 4001, misused: 4002 } as const;
