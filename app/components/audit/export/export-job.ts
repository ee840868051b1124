import { readError } from "../../request-json.ts";
import { showFactorIfDemanded } from "../../second-factor/ask-factor.ts";
import { type AuditQuery, queryString } from "../audit-query.ts";
import { createRowCounter } from "./count-rows.ts";
import type { ExportProgress } from "./export-progress.ts";

export type ExportState = "running" | "done" | "failed" | "cancelled";

/** So many bytes are joined to a blob, which the browser may keep on disk. */
const BLOB_BYTES = 8 * 1024 * 1024;
const TOLD_EVERY_MS = 120;

/**
 * One export: streams the answer, counts its rows, and holds it in blobs until it is saved. After a broken connection `run` goes on
 * at the byte where it stopped: the server knows the export by its id and sends the bytes that are missing.
 */
export class ExportJob {
  readonly format: "csv" | "json" | "ndjson";
  fileName: string;
  state: ExportState = "running";
  failure = "";

  private readonly endpoint: string;
  private readonly question: string;
  /** What the server calls this export; null until it has answered. */
  private id: string | null = null;
  private total: number | null;
  private readonly counter: ReturnType<typeof createRowCounter>;
  private readonly listeners = new Set<() => void>();
  private blobs: Blob[] = [];
  private tail: Uint8Array<ArrayBuffer>[] = [];
  private tailBytes = 0;
  private controller = new AbortController();
  private startedAt = 0;
  private elapsedMs = 0;
  private toldAt = 0;
  private changes = 0;

  constructor(request: {
    endpoint: string;
    name: string;
    query: AuditQuery;
    format: "csv" | "json" | "ndjson";
    total: number | null;
  }) {
    this.format = request.format;
    this.total = request.total;
    this.endpoint = `${request.endpoint}/export`;
    this.question = queryString(request.query, {
      format: request.format,
      // Without it Excel reads umlauts and Hangul as another character set.
      bom: request.format === "csv" ? "true" : null,
    });
    this.fileName = `${request.name}-${new Date().toISOString().slice(0, 10).replaceAll("-", "")}.${request.format}`;
    this.counter = createRowCounter(request.format);
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  version = (): number => this.changes;

  get progress(): ExportProgress {
    return {
      rows: this.counter.rows,
      bytes: this.counter.bytes,
      total: this.total,
      elapsedMs: this.elapsedMs,
    };
  }

  /** Begins, or goes on after a failure. */
  async run(): Promise<void> {
    this.controller = new AbortController();
    this.startedAt = performance.now() - this.elapsedMs;
    this.become("running");
    try {
      const response = await this.request();
      if (!response.ok || !response.body) throw await readError(response);
      this.readHeaders(response.headers);
      for await (const chunk of readChunks(response.body)) this.take(chunk);
      this.joinTail();
      this.become("done");
    } catch (error) {
      if (this.controller.signal.aborted) this.become("cancelled");
      else this.fail(error);
    }
  }

  cancel(): void {
    this.controller.abort();
    this.become("cancelled");
    this.blobs = [];
    this.tail = [];
  }

  /** The whole file; its bytes may be on disk. */
  file(): Blob {
    return new Blob(this.blobs);
  }

  private async request(): Promise<Response> {
    const response = await this.ask();
    return (await showFactorIfDemanded(response)) ? this.ask() : response;
  }

  private ask(): Promise<Response> {
    const question = this.id ? `resume=${this.id}.${this.counter.bytes}` : this.question;
    return fetch(`${this.endpoint}?${question}`, { signal: this.controller.signal });
  }

  private readHeaders(headers: Headers): void {
    this.id = headers.get("x-export-id");
    const rows = headers.get("x-export-rows");
    if (rows !== null) this.total = Number(rows);
    this.fileName = /filename="([^"]+)"/.exec(headers.get("content-disposition") ?? "")?.[1] ?? this.fileName;
  }

  private take(chunk: Uint8Array<ArrayBuffer>): void {
    this.counter.add(chunk);
    this.tail.push(chunk);
    this.tailBytes += chunk.byteLength;
    if (this.tailBytes > BLOB_BYTES) this.joinTail();
    const now = performance.now();
    this.elapsedMs = now - this.startedAt;
    if (now - this.toldAt < TOLD_EVERY_MS) return;
    this.toldAt = now;
    this.change();
  }

  private joinTail(): void {
    this.blobs.push(new Blob(this.tail));
    this.tail = [];
    this.tailBytes = 0;
  }

  private fail(error: unknown): void {
    this.failure = error instanceof TypeError ? "The connection to the gateway was lost" : messageOf(error);
    this.become("failed");
  }

  private become(state: ExportState): void {
    this.state = state;
    this.change();
  }

  private change(): void {
    this.changes += 1;
    for (const listener of this.listeners) listener();
  }
}

async function* readChunks(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const reader = body.getReader();
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    reader.releaseLock();
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : "The export could not be read";
}
