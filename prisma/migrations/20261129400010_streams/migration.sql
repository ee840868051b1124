-- Where the record is sent on to.
CREATE TABLE "streams" (
  "id" UUID NOT NULL DEFAULT gen_random_uuid(),
  "name" TEXT NOT NULL,
  "kind" TEXT NOT NULL,
  "settings" JSONB NOT NULL,
  "secrets" BYTEA,
  "format" TEXT NOT NULL,
  "surfaces" JSONB NOT NULL,
  "rate_limit" INTEGER,
  "batch" JSONB NOT NULL,
  "paused" BOOLEAN NOT NULL DEFAULT false,
  "stopped" TEXT,
  "revision" INTEGER NOT NULL DEFAULT 0,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "lease_owner" UUID,
  "lease_until" TIMESTAMPTZ(3),
  "delivered" BIGINT NOT NULL DEFAULT 0,
  "delivered_at" TIMESTAMPTZ(3),
  "throughput" DOUBLE PRECISION NOT NULL DEFAULT 0,
  "behind_since" TIMESTAMPTZ(3),
  "failing_since" TIMESTAMPTZ(3),
  "last_error" TEXT,
  "last_error_at" TIMESTAMPTZ(3),
  "holds_since" TIMESTAMPTZ(3),
  CONSTRAINT "streams_pkey" PRIMARY KEY ("id")
) WITH (fillfactor = 50);
CREATE UNIQUE INDEX "streams_name_key" ON "streams" ("name");

CREATE TABLE "stream_cursors" (
  "stream_id" UUID NOT NULL,
  "surface" TEXT NOT NULL,
  "last_no" BIGINT NOT NULL,
  "last_at" TIMESTAMPTZ(3),
  CONSTRAINT "stream_cursors_pkey" PRIMARY KEY ("stream_id", "surface"),
  CONSTRAINT "stream_cursors_stream_id_fkey" FOREIGN KEY ("stream_id") REFERENCES "streams" ("id") ON DELETE CASCADE ON UPDATE CASCADE
) WITH (fillfactor = 50);

CREATE TABLE "stream_replays" (
  "id" UUID NOT NULL DEFAULT gen_random_uuid(),
  "stream_id" UUID NOT NULL,
  "surface" TEXT NOT NULL,
  "from_no" BIGINT NOT NULL,
  "to_no" BIGINT NOT NULL,
  "last_no" BIGINT NOT NULL,
  "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "stream_replays_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "stream_replays_stream_id_fkey" FOREIGN KEY ("stream_id") REFERENCES "streams" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX "stream_replays_stream_id_idx" ON "stream_replays" ("stream_id");

CREATE TABLE "stream_dead_letters" (
  "id" UUID NOT NULL DEFAULT gen_random_uuid(),
  "stream_id" UUID NOT NULL,
  "surface" TEXT NOT NULL,
  "no" BIGINT NOT NULL,
  "happened_at" TIMESTAMPTZ(3) NOT NULL,
  "reason" TEXT NOT NULL,
  "text" TEXT NOT NULL,
  "attempts" INTEGER NOT NULL DEFAULT 0,
  "requested" BOOLEAN NOT NULL DEFAULT false,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "stream_dead_letters_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "stream_dead_letters_stream_id_fkey" FOREIGN KEY ("stream_id") REFERENCES "streams" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "stream_dead_letters_stream_id_surface_no_key" ON "stream_dead_letters" ("stream_id", "surface", "no");
CREATE INDEX "stream_dead_letters_happened_at_idx" ON "stream_dead_letters" ("happened_at");

CREATE TABLE "stream_losses" (
  "id" UUID NOT NULL DEFAULT gen_random_uuid(),
  "stream_id" UUID NOT NULL,
  "surface" TEXT NOT NULL,
  "from_no" BIGINT NOT NULL,
  "to_no" BIGINT NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "stream_losses_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "stream_losses_stream_id_fkey" FOREIGN KEY ("stream_id") REFERENCES "streams" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "stream_losses_stream_id_surface_to_no_key" ON "stream_losses" ("stream_id", "surface", "to_no");
