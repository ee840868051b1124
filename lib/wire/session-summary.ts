import type { TerminalSize } from "./channel-protocol.ts";
import { type CommandOutcome, parseCommandStatus } from "./remotecommand-status.ts";
import { WireError } from "./wire-error.ts";

const MAX_STATUS_BYTES = 256 * 1024;
const MAX_REMEMBERED_PORTS = 256;
const MAX_ERROR_TEXT = 1024;

/** What the recorder may want of an exec or attach. Bytes share memory with the passing chunk: copy what is kept. */
export interface CommandCallbacks {
  onStdin?(data: Buffer): void;
  onStdout?(data: Buffer): void;
  onStderr?(data: Buffer): void;
  onResize?(size: TerminalSize): void;
}

/** What is known of an exec or attach so far. Bytes are payload, without framing. */
export class CommandSummary {
  stdinBytes = 0;
  stdoutBytes = 0;
  stderrBytes = 0;
  /** The client has said that no more stdin comes. */
  stdinClosed = false;
  /** The terminal's latest size. */
  size: TerminalSize | null = null;
  /** The server has said all: what is missing now never comes. */
  finished = false;
  /** SPDY: the streams that the server has taken and not ended, by their type. */
  readonly serverStreams = new Map<string, number>();
  readonly #jsonStatus: boolean;
  #status: Buffer[] = [];
  #statusBytes = 0;

  /** `jsonStatus`: the protocol ends with a Status (v4 and later) also on success. */
  constructor(jsonStatus: boolean) {
    this.#jsonStatus = jsonStatus;
  }

  /** Takes bytes of the error stream. They are kept, so there is a limit: 256 KiB. */
  addStatus(data: Buffer): void {
    this.#statusBytes += data.length;
    if (this.#statusBytes > MAX_STATUS_BYTES) {
      throw new WireError("status-too-large", `error stream of more than ${MAX_STATUS_BYTES} bytes`);
    }
    this.#status.push(Buffer.from(data));
  }

  /** How the command ended; null while unknown, and for ever where the session broke off before the status. */
  get outcome(): CommandOutcome | null {
    if (this.#statusBytes > 0) return parseCommandStatus(Buffer.concat(this.#status));
    return this.finished && !this.#jsonStatus ? { exitCode: 0, message: "", reason: "" } : null;
  }
}

/** What is known of a port-forward so far. */
export class PortForwardSummary {
  /** Payload bytes from the client to the pod, over all connections. */
  bytesToPod = 0;
  bytesFromPod = 0;
  /** Connections that the client opened through the session. */
  connections = 0;
  /** Connections for which the error stream carried a message. */
  failedConnections = 0;
  /** The first such message, cut to 1,024 characters; empty where there was none. */
  firstError = "";
  readonly #ports = new Set<number>();

  /** Ports asked for, in order of first use; the first 256. */
  get ports(): number[] {
    return [...this.#ports];
  }

  addPort(port: number): void {
    if (this.#ports.size < MAX_REMEMBERED_PORTS) this.#ports.add(port);
  }

  addError(data: Buffer, isFirstOfStream: boolean): void {
    if (isFirstOfStream) this.failedConnections++;
    if (this.failedConnections > 1 || this.firstError.length >= MAX_ERROR_TEXT) return;
    this.firstError = (this.firstError + data.toString("utf8")).slice(0, MAX_ERROR_TEXT);
  }
}
