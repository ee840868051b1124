import { promisify } from "node:util";
import { zstdCompress } from "node:zlib";
import type pg from "pg";
import { onPostgres, type RunSql } from "../../../audit/store/sql.ts";
import { withClient } from "../../../db/pool.ts";
import { type PartSealing, sealPart } from "../../store/sealed-part.ts";
import { keepIndex } from "../kept-index.ts";
import type { RenderSink, WrittenSegment } from "../render/render-sink.ts";
import type { TextBlock } from "../render/text-blocks.ts";
import type { PlaybackIndex } from "../schema.ts";
import { finishRender, type RenderJob, renewLease } from "./render-queue.ts";

const compress = promisify(zstdCompress);
/** Rows of text that one statement takes. */
const TEXT_ROWS = 200;
/** Without anything to write the lease is renewed this often. */
const RENEW_MS = 15_000;

interface RenderedStoreInput {
  pool: pg.Pool;
  job: RenderJob;
  sealing: PartSealing;
  /** Whether text is kept to be searched: `recordings.search`. */
  search: boolean;
}

/**
 * Writes what is made of a recording, each piece in a transaction of its own that holds the lease. It is there for players with its index, which comes
 * last, and with which the job is gone.
 */
export class RenderedStore implements RenderSink {
  readonly #input: RenderedStoreInput;
  readonly #key: [startedAt: string, recordingId: string];
  #renewedAt = performance.now();

  constructor(input: RenderedStoreInput) {
    this.#input = input;
    this.#key = [new Date(input.job.startedAt).toISOString(), input.job.recordingId];
  }

  /** Takes away what an earlier try left. */
  begin(): Promise<void> {
    return this.#transaction(async (run) => {
      for (const table of ["recording_segment", "recording_text", "recording_playback"]) {
        await run(
          `DELETE FROM ${table} WHERE started_at = $1::timestamptz AND recording_id = $2::uuid`,
          this.#key,
        );
      }
    });
  }

  async segment({ seq, startMs, content }: WrittenSegment): Promise<void> {
    const { sealing, job } = this.#input;
    const data = await compress(JSON.stringify(content));
    const kept = sealPart(sealing, { kind: "segment", recordingId: job.recordingId, seq }, data);
    await this.#transaction((run) =>
      run(
        `INSERT INTO recording_segment (started_at, recording_id, seq, start_ms, sealed, data)
         VALUES ($1::timestamptz, $2::uuid, $3::int, $4::bigint, $5::boolean, $6::bytea)`,
        [...this.#key, seq, startMs, kept.sealed, kept.data],
      ),
    );
  }

  async text(blocks: TextBlock[]): Promise<void> {
    if (!this.#input.search) return;
    for (let at = 0; at < blocks.length; at += TEXT_ROWS) await this.#texts(blocks.slice(at, at + TEXT_ROWS));
  }

  /** Keeps the lease while nothing is written. */
  async renew(): Promise<void> {
    if (performance.now() - this.#renewedAt > RENEW_MS) await this.#transaction(async () => {});
  }

  finish(index: PlaybackIndex, commands: number): Promise<void> {
    const { job, sealing } = this.#input;
    return this.#transaction(async (run) => {
      await run(
        "INSERT INTO recording_playback (started_at, recording_id, index) VALUES ($1::timestamptz, $2::uuid, $3::jsonb)",
        [...this.#key, JSON.stringify(keepIndex(sealing, job.recordingId, index))],
      );
      await run(
        "UPDATE recording SET commands = $3::int WHERE started_at = $1::timestamptz AND recording_id = $2::uuid",
        [...this.#key, commands],
      );
      await finishRender(run, job);
    });
  }

  async #texts(blocks: TextBlock[]): Promise<void> {
    const rows = blocks.map(({ seq, atMs, kind, text, lineMs }) => {
      return { seq, at_ms: atMs, kind, text, line_ms: lineMs };
    });
    await this.#transaction((run) =>
      run(
        `INSERT INTO recording_text (started_at, recording_id, seq, at_ms, kind, text, line_ms)
         SELECT $1::timestamptz, $2::uuid, seq, at_ms, kind, text, line_ms
         FROM jsonb_to_recordset($3::jsonb) AS row (seq int, at_ms bigint, kind smallint, text text, line_ms int[])`,
        [...this.#key, JSON.stringify(rows)],
      ),
    );
  }

  async #transaction(work: (run: RunSql) => Promise<unknown>): Promise<void> {
    await withClient(this.#input.pool, async (client) => {
      await client.query("BEGIN");
      const run = onPostgres(client);
      await renewLease(run, this.#input.job);
      await work(run);
      await client.query("COMMIT");
    });
    this.#renewedAt = performance.now();
  }
}
