-- Recordings of sessions: a fact row each (written at the end), what was recorded in chunks, and what playback and search read.

CREATE TABLE "recording" (
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "no" BIGINT NOT NULL,
    "ended_at" TIMESTAMPTZ(3) NOT NULL,
    "duration_ms" BIGINT NOT NULL,
    "output_bytes" BIGINT NOT NULL,
    "stored_bytes" BIGINT NOT NULL,
    "bytes_in" BIGINT,
    "bytes_out" BIGINT,
    "recording_id" UUID NOT NULL,
    "call_id" UUID,
    "session_id" UUID,
    "token_id" UUID,
    "actor_id" INTEGER NOT NULL,
    "cluster_id" INTEGER NOT NULL,
    "namespace_id" INTEGER,
    "container_id" INTEGER,
    "role_id" INTEGER,
    "client_ip_id" INTEGER,
    "client_name_id" INTEGER,
    "protocol_id" INTEGER,
    "commands" INTEGER,
    "chunks" INTEGER NOT NULL,
    "ledger_id" SMALLINT NOT NULL,
    "result" SMALLINT NOT NULL,
    "ending" SMALLINT NOT NULL,
    "kind" SMALLINT NOT NULL,
    "tty" SMALLINT NOT NULL,
    "access_method" SMALLINT NOT NULL,
    "input_recorded" SMALLINT NOT NULL,
    "exit_code" SMALLINT,
    "pod" TEXT,
    "command_line" TEXT,
    "message" TEXT,
    "last_hash" TEXT NOT NULL,

    CONSTRAINT "recording_pkey" PRIMARY KEY ("started_at","ledger_id","no")
) PARTITION BY RANGE ("started_at");
CREATE INDEX "recording_no_idx" ON "recording" USING brin ("no") WITH (pages_per_range = 16, autosummarize = on);
CREATE INDEX "recording_recording_id_idx" ON "recording" ("recording_id");

CREATE TABLE "recording_chunk" (
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "recording_id" UUID NOT NULL,
    "seq" INTEGER NOT NULL,
    "from_ms" BIGINT NOT NULL,
    "to_ms" BIGINT NOT NULL,
    "output_bytes" INTEGER NOT NULL,
    "sealed" BOOLEAN NOT NULL,
    "hash" BYTEA NOT NULL,
    "data" BYTEA,

    CONSTRAINT "recording_chunk_pkey" PRIMARY KEY ("started_at","recording_id","seq")
) PARTITION BY RANGE ("started_at");
-- What is compressed already is not tried again.
ALTER TABLE "recording_chunk" ALTER COLUMN "data" SET STORAGE EXTERNAL;

CREATE TABLE "recording_playback" (
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "recording_id" UUID NOT NULL,
    "index" JSONB NOT NULL,

    CONSTRAINT "recording_playback_pkey" PRIMARY KEY ("started_at","recording_id")
) PARTITION BY RANGE ("started_at");

CREATE TABLE "recording_segment" (
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "recording_id" UUID NOT NULL,
    "seq" INTEGER NOT NULL,
    "start_ms" BIGINT NOT NULL,
    "sealed" BOOLEAN NOT NULL,
    "data" BYTEA,

    CONSTRAINT "recording_segment_pkey" PRIMARY KEY ("started_at","recording_id","seq")
) PARTITION BY RANGE ("started_at");
ALTER TABLE "recording_segment" ALTER COLUMN "data" SET STORAGE EXTERNAL;

CREATE TABLE "recording_text" (
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "recording_id" UUID NOT NULL,
    "seq" INTEGER NOT NULL,
    "at_ms" BIGINT NOT NULL,
    "kind" SMALLINT NOT NULL,
    "text" TEXT NOT NULL,

    CONSTRAINT "recording_text_pkey" PRIMARY KEY ("started_at","recording_id","kind","seq")
) PARTITION BY RANGE ("started_at");

CREATE TABLE "recording_owner" (
    "owner" UUID NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "recording_owner_pkey" PRIMARY KEY ("owner")
);

CREATE TABLE "recording_running" (
    "recording_id" UUID NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "owner" UUID NOT NULL,
    "entry" JSONB NOT NULL,
    "end_requested_at" TIMESTAMPTZ(3),
    "end_requested_by" TEXT,
    "end_reason" TEXT,

    CONSTRAINT "recording_running_pkey" PRIMARY KEY ("recording_id")
);

CREATE TABLE "recording_render" (
    "recording_id" UUID NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "attempts" SMALLINT NOT NULL DEFAULT 0,
    "not_before" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "lease_owner" UUID,
    "lease_until" TIMESTAMPTZ(3),
    "error" TEXT,

    CONSTRAINT "recording_render_pkey" PRIMARY KEY ("recording_id")
);
CREATE INDEX "recording_render_not_before_idx" ON "recording_render" ("not_before");

ALTER TABLE "roles" ADD COLUMN "record" TEXT NOT NULL DEFAULT 'best_effort';
ALTER TABLE "roles" ADD COLUMN "record_input" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "roles" ADD CONSTRAINT "roles_record_check" CHECK ("record" IN ('required', 'best_effort', 'off'));

ALTER TABLE "saved_views" DROP CONSTRAINT "saved_views_surface_check";
ALTER TABLE "saved_views" ADD CONSTRAINT "saved_views_surface_check" CHECK ("surface" IN ('request_audit', 'event_history', 'recordings'));

INSERT INTO "audit_ledger" ("ledger_id", "stream", "last_no") VALUES (0, 'recording', 0);
