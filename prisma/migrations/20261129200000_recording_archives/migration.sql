-- Recordings that are kept outside PostgreSQL: in a directory or a bucket.

CREATE TABLE "recording_archive" (
    "recording_id" UUID NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "place" TEXT,
    "root" TEXT,
    "name" TEXT,
    "bytes" BIGINT,
    "expired" BOOLEAN NOT NULL DEFAULT false,
    "attempts" SMALLINT NOT NULL DEFAULT 0,
    "asked_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "not_before" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "lease_until" TIMESTAMPTZ(3),
    "error" TEXT,

    CONSTRAINT "recording_archive_pkey" PRIMARY KEY ("recording_id")
);
-- What is still to be moved or removed is little; what was moved is looked up by its id or its day.
CREATE INDEX "recording_archive_not_before_idx" ON "recording_archive" ("not_before") WHERE "place" IS NULL OR "expired";
CREATE INDEX "recording_archive_started_at_idx" ON "recording_archive" ("started_at");

ALTER TABLE "recording_chunk" ADD COLUMN "archive_offset" BIGINT, ADD COLUMN "archive_bytes" INTEGER;
ALTER TABLE "recording_segment" ADD COLUMN "archive_offset" BIGINT, ADD COLUMN "archive_bytes" INTEGER;
