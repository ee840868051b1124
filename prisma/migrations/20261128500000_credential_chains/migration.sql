-- What a credential was made with: a token that was made with a token ends with it, and so does an application's secret
-- (docs/decisions/0075). Ids of what is gone stay: neither is a foreign key.
ALTER TABLE "access_tokens" ADD COLUMN "ancestors" UUID[] NOT NULL DEFAULT '{}';
ALTER TABLE "access_tokens" ADD COLUMN "session_id" UUID;
CREATE INDEX "access_tokens_ancestors_idx" ON "access_tokens" USING GIN ("ancestors") WHERE "ancestors" <> '{}';
CREATE INDEX "access_tokens_session_id_idx" ON "access_tokens" ("session_id") WHERE "session_id" IS NOT NULL;

ALTER TABLE "applications" ADD COLUMN "secret_token_id" UUID;
ALTER TABLE "applications" ADD COLUMN "secret_expires_at" TIMESTAMPTZ(3);
ALTER TABLE "applications" ADD COLUMN "secret_session_id" UUID;

-- From where a session was begun: an administrator tells one from another by it.
ALTER TABLE "sessions" ADD COLUMN "source_ip" TEXT;
ALTER TABLE "sessions" ADD COLUMN "user_agent" TEXT;
