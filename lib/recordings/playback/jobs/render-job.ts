import type pg from "pg";
import { SESSION_KINDS } from "../../../audit/columns/recordings/values/schema.ts";
import { createTextRedactor } from "../../../audit/redaction/redact-text.ts";
import { onPostgres } from "../../../audit/store/sql.ts";
import type { Config } from "../../../config.ts";
import { readChunks } from "../../store/read-chunks.ts";
import { partSealing } from "../../store/sealed-part.ts";
import { RecordedEvents } from "../render/recorded-events.ts";
import { type Rendered, renderRecording } from "../render/render-recording.ts";
import { type AllowedWork, TooMuchWork } from "../render/work-budget.ts";
import type { PlaybackIndex } from "../schema.ts";
import type { RenderJob } from "./render-queue.ts";
import { RenderedStore } from "./rendered-store.ts";

/** What preparing a recording needs. */
export interface RenderWork {
  pool: pg.Pool;
  config: Pick<Config, "encryption" | "recordings">;
  /** `audit.redact.exec_arguments` */
  redactPatterns: readonly RegExp[];
  /** What a terminal may take, where it is not the usual. */
  allowed?: AllowedWork;
}

interface Facts {
  tty: boolean;
  inputRecorded: boolean;
  tellsCommands: boolean;
  durationMs: number;
}

const NO_TERMINAL =
  "the terminal's screens: this output is more work than a terminal is given, and is shown as lines; the download has all of it";

/** Prepares one recording for playback and search. Rejects where it cannot be done now; what was written of it is taken away by the next try. */
export async function renderJob(work: RenderWork, job: RenderJob): Promise<void> {
  const facts = await readFacts(work, job);
  if (!facts) throw new Error("its row is gone");
  // What ended a process again and again may do so once more: without a terminal it will not.
  const { index, chain, commands } = await render(work, { job, facts, plain: job.died }).catch((error) => {
    if (error instanceof TooMuchWork || error instanceof RangeError)
      return render(work, { job, facts, plain: true });
    throw error;
  });
  await storeOf(work, job).finish({ ...index, chain }, commands);
}

interface Try {
  job: RenderJob;
  facts: Facts;
  plain: boolean;
}

async function render(
  work: RenderWork,
  { job, facts, plain }: Try,
): Promise<Rendered & { chain: PlaybackIndex["chain"] }> {
  const store = storeOf(work, job);
  await store.begin();
  const recorded = new RecordedEvents(job.recordingId, readChunks(job, work));
  const redactor = createTextRedactor(work.redactPatterns);
  const { index, commands } = await renderRecording({
    ...facts,
    plain,
    allowed: work.allowed,
    size: await recorded.open(),
    events: withLease(recorded, store),
    // As the shell that reads it sees a command line.
    redact: (line) => redactor.redactArguments(["sh", "-c", line])[2]!,
    sink: store,
  });
  const leftOut = plain && facts.tty ? [NO_TERMINAL, ...index.leftOut] : index.leftOut;
  return { index: { ...index, leftOut }, commands, chain: recorded.chain };
}

async function* withLease(recorded: RecordedEvents, store: RenderedStore) {
  for await (const events of recorded.events()) {
    yield events;
    await store.renew();
  }
}

const storeOf = ({ pool, config }: RenderWork, job: RenderJob): RenderedStore =>
  new RenderedStore({ pool, job, sealing: partSealing(config), search: config.recordings.search });

async function readFacts({ pool }: RenderWork, job: RenderJob): Promise<Facts | null> {
  const [row] = await onPostgres(pool)<Facts>(
    `SELECT tty = 1 AS tty, input_recorded = 1 AS "inputRecorded", kind = $3::smallint AS "tellsCommands", duration_ms AS "durationMs"
     FROM recording WHERE started_at = $1::timestamptz AND recording_id = $2::uuid`,
    [new Date(job.startedAt).toISOString(), job.recordingId, SESSION_KINDS.shell],
  );
  return row ?? null;
}
