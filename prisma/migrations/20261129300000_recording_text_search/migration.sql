-- What was shown and typed is found by a part of it: trigrams. The extension comes with PostgreSQL, and whoever may make objects in the database may
-- have it (PostgreSQL 13 and later); elsewhere an administrator makes it once.
DO $$
BEGIN
    CREATE EXTENSION IF NOT EXISTS pg_trgm;
EXCEPTION WHEN insufficient_privilege OR undefined_file OR feature_not_supported THEN
    RAISE EXCEPTION 'the search in recordings needs PostgreSQL''s extension pg_trgm, which this database''s user may not make here (%). Have an administrator of the database run CREATE EXTENSION pg_trgm in it, then start again', SQLERRM;
END
$$;

-- When each line of the text was there, milliseconds since at_ms.
ALTER TABLE "recording_text" ADD COLUMN "line_ms" INTEGER[] NOT NULL DEFAULT '{}';

-- As lib/recordings/search folds text: ASCII alone.
CREATE INDEX "recording_text_text_idx" ON "recording_text" USING gin (lower("text" COLLATE "C") gin_trgm_ops) WHERE "kind" = 2;
-- Commands are few and short: what is too short for trigrams is looked for in all of them, in the index alone.
CREATE INDEX "recording_text_command_idx" ON "recording_text" ("started_at", "recording_id") INCLUDE ("text") WHERE "kind" = 1;
