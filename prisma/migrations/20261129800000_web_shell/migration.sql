-- The web shell: tokens that are a terminal's alone, and its command lines as facts.

ALTER TABLE "access_tokens" ADD COLUMN "terminal_id" UUID;
ALTER TABLE "access_tokens" ADD COLUMN "terminal_cluster_id" UUID;
ALTER TABLE "access_tokens" ADD CONSTRAINT "access_tokens_terminal_check" CHECK (
    ("terminal_id" IS NULL AND "terminal_cluster_id" IS NULL)
    OR ("terminal_id" IS NOT NULL AND "terminal_cluster_id" IS NOT NULL AND "user_id" IS NOT NULL AND "session_id" IS NOT NULL)
);

CREATE SEQUENCE "kube_command_no_seq";
CREATE TABLE "kube_command" (
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "no" BIGINT NOT NULL DEFAULT nextval('kube_command_no_seq'),
    "duration_ms" BIGINT,
    "session_id" UUID NOT NULL,
    "token_id" UUID NOT NULL,
    "recording_id" UUID,
    "actor_id" INTEGER NOT NULL,
    "cluster_id" INTEGER NOT NULL,
    "command_id" INTEGER NOT NULL,
    "client_ip_id" INTEGER,
    "exit_code" INTEGER,

    CONSTRAINT "kube_command_pkey" PRIMARY KEY ("started_at","no")
) PARTITION BY RANGE ("started_at");
CREATE INDEX "kube_command_session_id_idx" ON "kube_command" ("session_id");

CREATE TABLE "terminal_history" (
    "user_id" UUID NOT NULL,
    "cluster_id" UUID NOT NULL,
    "lines" TEXT[] NOT NULL,

    CONSTRAINT "terminal_history_pkey" PRIMARY KEY ("user_id","cluster_id")
);
ALTER TABLE "terminal_history" ADD CONSTRAINT "terminal_history_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "terminal_history" ADD CONSTRAINT "terminal_history_cluster_id_fkey" FOREIGN KEY ("cluster_id") REFERENCES "clusters"("id") ON DELETE CASCADE ON UPDATE CASCADE;
