import { log } from "../../log.ts";
import type { CastEventCode } from "../cast/cast-event.ts";
import { type CastHeader, DEFAULT_SIZE } from "../cast/cast-header.ts";
import type { RecordedSession } from "../recorded-session.ts";
import type { RecordingOutcome } from "../recording-outcome.ts";
import type { RecordingStore } from "../store/recording-store.ts";
import { ChunkWriter } from "./chunk-writer.ts";
import { PlainStream, type RecordedStream, terminalStream } from "./recorded-stream.ts";
import type { SessionRecording } from "./session-recording.ts";

export type StreamName = "stdin" | "stdout" | "stderr";

export interface SessionRecorderInput {
  session: RecordedSession;
  store: Omit<RecordingStore, "stop">;
  /** The stream that is to be a tar stream, by what the session runs. */
  tarStream?: StreamName | undefined;
  /** Called once, as soon as the recording cannot go on. */
  onFailure?: ((error: Error) => void) | undefined;
}

/** Of one event; a larger piece is several. */
const MAX_PIECE_BYTES = 32 * 1024;
/** A terminal whose every cell is kept in memory when it is played; a client may claim to have 65,535 × 65,535. */
const MAX_CELLS_EACH_WAY = 1_000;

const CODES = { stdout: "o", stderr: "e", stdin: "i" } as const satisfies Record<StreamName, CastEventCode>;

/** Turns what passes in a session into events, and hands them to its writer. */
export class SessionRecorder implements SessionRecording {
  readonly recordingId: string;
  readonly began = true;
  readonly wantsInput: boolean;
  readonly #session: RecordedSession;
  readonly #store: SessionRecorderInput["store"];
  readonly #writer: ChunkWriter;
  readonly #streams: Partial<Record<StreamName, RecordedStream>>;
  /** On the monotonic clock, when the session started. */
  readonly #startedTick: number;
  #lastMs = 0;
  #size: { columns: number; rows: number } | null = null;
  #outputBytes = 0;
  #ended: Promise<void> | null = null;

  constructor({ session, store, tarStream, onFailure }: SessionRecorderInput) {
    const { recordingId, startedAt } = session;
    this.recordingId = recordingId;
    this.#session = session;
    this.#store = store;
    this.#startedTick = performance.now() - (Date.now() - startedAt);
    this.#writer = new ChunkWriter({
      recordingId,
      startedAt,
      store,
      header: () => this.#header(),
      onFailure: (error) => {
        log.warn({ err: error, recordingId }, "a recording cannot go on");
        onFailure?.(error);
      },
    });
    const stream = (name: StreamName) => this.#recordedStream(name, tarStream === name);
    this.#streams = { stdout: stream("stdout"), stderr: stream("stderr") };
    // What is typed at a terminal is not even looked at where it is not recorded.
    this.wantsInput = session.inputRecorded || !session.tty;
    if (this.wantsInput) this.#streams.stdin = stream("stdin");
  }

  get failure(): Error | null {
    return this.#writer.failure;
  }

  output(stream: "stdout" | "stderr", data: Uint8Array): void {
    this.#outputBytes += data.length;
    this.#writer.countOutput(data.length);
    this.#take(stream, data);
  }

  input(data: Uint8Array): void {
    this.#take("stdin", data);
  }

  resize({ columns, rows }: { columns: number; rows: number }): void {
    if (columns < 1 || rows < 1) return;
    const size = {
      columns: Math.min(columns, MAX_CELLS_EACH_WAY),
      rows: Math.min(rows, MAX_CELLS_EACH_WAY),
    };
    this.#size = size;
    this.#add("r", `${size.columns}x${size.rows}`);
  }

  marker(label: string): void {
    this.#add("m", label);
  }

  room(): Promise<void> | undefined {
    return this.#writer.room();
  }

  end(exitCode: number | null): Promise<void> {
    this.#ended ??= this.#end(exitCode);
    return this.#ended;
  }

  async close(outcome: RecordingOutcome): Promise<void> {
    const endedAt = Date.now();
    await this.end(outcome.exitCode);
    try {
      await this.#store.finish({
        recordingId: this.recordingId,
        startedAt: this.#session.startedAt,
        endedAt,
        outcome: this.failure === null ? outcome : cutShort(outcome),
        ...this.#writer.stored,
        outputBytes: this.#outputBytes,
        columns: this.#size?.columns ?? null,
        rows: this.#size?.rows ?? null,
      });
    } catch (error) {
      log.error({ err: error, recordingId: this.recordingId }, "a recording could not be closed");
    }
  }

  discard(): void {
    this.#store.forget(this.recordingId);
  }

  #take(name: StreamName, data: Uint8Array): void {
    if (this.failure !== null) return;
    const stream = this.#streams[name];
    if (stream === undefined) return;
    for (let at = 0; at < data.length; at += MAX_PIECE_BYTES) {
      const piece = data.subarray(at, at + MAX_PIECE_BYTES);
      stream.push(Buffer.from(piece.buffer, piece.byteOffset, piece.length));
    }
  }

  async #end(exitCode: number | null): Promise<void> {
    for (const stream of Object.values(this.#streams)) stream.end();
    if (exitCode !== null) this.#add("x", String(exitCode));
    await this.#writer.end();
  }

  #recordedStream(name: StreamName, expectsTar: boolean): RecordedStream {
    const onText = (text: string) => {
      if (name !== "stdin" || this.#session.inputRecorded) this.#add(CODES[name], text);
    };
    if (this.#session.tty) return terminalStream(onText);
    const direction = name === "stdin" ? "to" : "from";
    return new PlainStream(
      { expectsTar },
      {
        onText,
        onFile: (file) => this.#add("f", JSON.stringify({ ...file, direction })),
        onBinary: (binary) => this.#add("b", JSON.stringify({ stream: name, ...binary })),
      },
    );
  }

  #add(code: CastEventCode, data: string): void {
    this.#lastMs = Math.max(this.#lastMs, Math.round(performance.now() - this.#startedTick));
    this.#writer.add({ atMs: this.#lastMs, code, data });
  }

  #header(): CastHeader {
    const { columns, rows } = this.#size ?? DEFAULT_SIZE;
    const { startedAt, commandLine } = this.#session;
    return {
      version: 3,
      term: { cols: columns, rows },
      timestamp: Math.floor(startedAt / 1000),
      ...(commandLine !== null && { command: commandLine }),
    };
  }
}

/** The session went on without its recording, or ended because of that. Why is in the log. */
function cutShort(outcome: RecordingOutcome): RecordingOutcome {
  const message = outcome.message === null ? "Recorded in part" : `${outcome.message}; recorded in part`;
  return { ...outcome, ending: "unrecorded", result: "failure", message };
}
