-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "users" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "name" TEXT,
    "email" TEXT,
    "email_verified" TIMESTAMPTZ(3),
    "image" TEXT,
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "console_role" TEXT NOT NULL DEFAULT 'user',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_login_at" TIMESTAMPTZ(3),
    "confirmed_at" TIMESTAMPTZ(3),

    CONSTRAINT "users_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "accounts" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "user_id" UUID NOT NULL,
    "type" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "provider_account_id" TEXT NOT NULL,
    "refresh_token" BYTEA,

    CONSTRAINT "accounts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sessions" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "session_token" TEXT NOT NULL,
    "user_id" UUID NOT NULL,
    "expires" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "sessions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "verification_tokens" (
    "identifier" TEXT NOT NULL,
    "token" TEXT NOT NULL,
    "expires" TIMESTAMPTZ(3) NOT NULL
);

-- CreateTable
CREATE TABLE "groups" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "name" TEXT NOT NULL,
    "source" TEXT NOT NULL DEFAULT 'claim',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "groups_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "group_members" (
    "group_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,

    CONSTRAINT "group_members_pkey" PRIMARY KEY ("group_id","user_id")
);

-- CreateTable
CREATE TABLE "applications" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "name" TEXT NOT NULL,
    "secret_hash" BYTEA NOT NULL,
    "console_role" TEXT NOT NULL DEFAULT 'auditor',
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_used_at" TIMESTAMPTZ(3),

    CONSTRAINT "applications_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "access_tokens" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "user_id" UUID,
    "application_id" UUID,
    "name" TEXT NOT NULL,
    "token_hash" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "revoked_at" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),

    CONSTRAINT "access_tokens_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "roles" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "builtin" BOOLEAN NOT NULL DEFAULT false,
    "rules" JSONB NOT NULL,
    "kubernetes_groups" TEXT[],
    "impersonate_users" TEXT[],
    "impersonate_groups" TEXT[],
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "roles_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "grants" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "role_id" UUID NOT NULL,
    "subject_kind" TEXT NOT NULL,
    "subject_id" UUID NOT NULL,
    "cluster_id" UUID,
    "namespaces" TEXT[],
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "grants_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "clusters" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "name" TEXT NOT NULL,
    "endpoint" TEXT NOT NULL,
    "certificate_authority" TEXT,
    "tls_server_name" TEXT,
    "insecure_skip_tls_verify" BOOLEAN NOT NULL DEFAULT false,
    "credential_kind" TEXT NOT NULL,
    "credential" BYTEA,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "removed_at" TIMESTAMPTZ(3),

    CONSTRAINT "clusters_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "saved_views" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "surface" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "query" TEXT NOT NULL,
    "shared" BOOLEAN NOT NULL DEFAULT false,
    "owner_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "saved_views_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "settings" (
    "key" TEXT NOT NULL,
    "value" JSONB NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "settings_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "audit_ledger" (
    "ledger_id" SMALLINT NOT NULL,
    "stream" TEXT NOT NULL,
    "last_no" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "audit_ledger_pkey" PRIMARY KEY ("ledger_id","stream")
);

-- CreateTable
CREATE TABLE "audit_journal_position" (
    "ledger_id" SMALLINT NOT NULL,
    "journal_id" UUID NOT NULL,
    "position" BIGINT NOT NULL DEFAULT 0,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "audit_journal_position_pkey" PRIMARY KEY ("ledger_id","journal_id")
);

-- CreateTable
CREATE TABLE "audit_dictionary" (
    "id" SERIAL NOT NULL,
    "kind" TEXT NOT NULL,
    "value" TEXT NOT NULL,

    CONSTRAINT "audit_dictionary_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_actor" (
    "id" SERIAL NOT NULL,
    "kind" TEXT NOT NULL,
    "subject_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "email" TEXT NOT NULL,

    CONSTRAINT "audit_actor_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_cluster" (
    "id" SERIAL NOT NULL,
    "cluster_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "endpoint" TEXT NOT NULL,

    CONSTRAINT "audit_cluster_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "kube_request" (
    "executed_at" TIMESTAMPTZ(3) NOT NULL,
    "no" BIGINT NOT NULL,
    "bytes_in" BIGINT,
    "bytes_out" BIGINT,
    "call_id" UUID NOT NULL,
    "session_id" UUID,
    "recording_id" UUID,
    "actor_id" INTEGER NOT NULL,
    "cluster_id" INTEGER NOT NULL,
    "duration_ms" INTEGER,
    "client_ip_id" INTEGER,
    "role_id" INTEGER,
    "namespace_id" INTEGER,
    "verb_id" INTEGER NOT NULL,
    "api_group_id" INTEGER,
    "resource_id" INTEGER,
    "client_name_id" INTEGER,
    "kubernetes_groups_id" INTEGER,
    "impersonated_user_id" INTEGER,
    "impersonated_groups_id" INTEGER,
    "command_id" INTEGER,
    "tunnel_agent_id" INTEGER,
    "tunnel_tag_id" INTEGER,
    "ledger_id" SMALLINT NOT NULL,
    "http_status" SMALLINT,
    "exit_code" SMALLINT,
    "stage" SMALLINT NOT NULL,
    "result" SMALLINT NOT NULL,
    "access_method" SMALLINT NOT NULL,
    "resource_name" TEXT,
    "message" TEXT,

    CONSTRAINT "kube_request_pkey" PRIMARY KEY ("executed_at","ledger_id","no")
) PARTITION BY RANGE ("executed_at");

-- CreateTable
CREATE TABLE "kube_request_body" (
    "executed_at" TIMESTAMPTZ(3) NOT NULL,
    "no" BIGINT NOT NULL,
    "ledger_id" SMALLINT NOT NULL,
    "truncated" BOOLEAN NOT NULL,
    "body_bytes" BIGINT NOT NULL,
    "body_sha256" BYTEA NOT NULL,
    "body" TEXT NOT NULL,

    CONSTRAINT "kube_request_body_pkey" PRIMARY KEY ("executed_at","ledger_id","no")
) PARTITION BY RANGE ("executed_at");

-- CreateTable
CREATE TABLE "kube_request_minute" (
    "minute" TIMESTAMPTZ(0) NOT NULL,
    "ledger_id" SMALLINT NOT NULL,
    "result" SMALLINT NOT NULL,
    "actor_id" INTEGER NOT NULL,
    "cluster_id" INTEGER NOT NULL,
    "namespace_id" INTEGER NOT NULL,
    "verb_id" INTEGER NOT NULL,
    "resource_id" INTEGER NOT NULL,
    "count" INTEGER NOT NULL,

    CONSTRAINT "kube_request_minute_pkey" PRIMARY KEY ("minute","ledger_id","result","actor_id","cluster_id","namespace_id","verb_id","resource_id")
);

-- CreateTable
CREATE TABLE "kube_request_hour" (
    "hour" TIMESTAMPTZ(0) NOT NULL,
    "ledger_id" SMALLINT NOT NULL,
    "result" SMALLINT NOT NULL,
    "actor_id" INTEGER NOT NULL,
    "cluster_id" INTEGER NOT NULL,
    "namespace_id" INTEGER NOT NULL,
    "verb_id" INTEGER NOT NULL,
    "resource_id" INTEGER NOT NULL,
    "count" INTEGER NOT NULL,

    CONSTRAINT "kube_request_hour_pkey" PRIMARY KEY ("hour","ledger_id","result","actor_id","cluster_id","namespace_id","verb_id","resource_id")
);

-- CreateTable
CREATE TABLE "audit_event" (
    "happened_at" TIMESTAMPTZ(3) NOT NULL,
    "no" BIGINT NOT NULL,
    "request_no" BIGINT,
    "request_executed_at" TIMESTAMPTZ(3),
    "actor_id" INTEGER NOT NULL,
    "cluster_id" INTEGER,
    "action_id" INTEGER NOT NULL,
    "operation_id" INTEGER NOT NULL,
    "entity_type_id" INTEGER NOT NULL,
    "source_ip_id" INTEGER,
    "user_agent_id" INTEGER,
    "ledger_id" SMALLINT NOT NULL,
    "status" SMALLINT NOT NULL,
    "entity_id" TEXT,
    "entity_name" TEXT,
    "error" TEXT,

    CONSTRAINT "audit_event_pkey" PRIMARY KEY ("happened_at","ledger_id","no")
) PARTITION BY RANGE ("happened_at");

-- CreateTable
CREATE TABLE "audit_event_body" (
    "happened_at" TIMESTAMPTZ(3) NOT NULL,
    "no" BIGINT NOT NULL,
    "ledger_id" SMALLINT NOT NULL,
    "before" JSONB,
    "after" JSONB,
    "request_body" JSONB,

    CONSTRAINT "audit_event_body_pkey" PRIMARY KEY ("happened_at","ledger_id","no")
) PARTITION BY RANGE ("happened_at");

-- CreateTable
CREATE TABLE "audit_event_minute" (
    "minute" TIMESTAMPTZ(0) NOT NULL,
    "ledger_id" SMALLINT NOT NULL,
    "status" SMALLINT NOT NULL,
    "actor_id" INTEGER NOT NULL,
    "cluster_id" INTEGER NOT NULL,
    "action_id" INTEGER NOT NULL,
    "operation_id" INTEGER NOT NULL,
    "entity_type_id" INTEGER NOT NULL,
    "count" INTEGER NOT NULL,

    CONSTRAINT "audit_event_minute_pkey" PRIMARY KEY ("minute","ledger_id","status","actor_id","cluster_id","action_id","operation_id","entity_type_id")
);

-- CreateIndex
CREATE UNIQUE INDEX "users_email_key" ON "users"("email");

-- CreateIndex
CREATE INDEX "accounts_user_id_idx" ON "accounts"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "accounts_provider_provider_account_id_key" ON "accounts"("provider", "provider_account_id");

-- CreateIndex
CREATE UNIQUE INDEX "sessions_session_token_key" ON "sessions"("session_token");

-- CreateIndex
CREATE INDEX "sessions_user_id_idx" ON "sessions"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "verification_tokens_token_key" ON "verification_tokens"("token");

-- CreateIndex
CREATE UNIQUE INDEX "verification_tokens_identifier_token_key" ON "verification_tokens"("identifier", "token");

-- CreateIndex
CREATE UNIQUE INDEX "groups_name_key" ON "groups"("name");

-- CreateIndex
CREATE INDEX "group_members_user_id_idx" ON "group_members"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "applications_name_key" ON "applications"("name");

-- CreateIndex
CREATE UNIQUE INDEX "access_tokens_token_hash_key" ON "access_tokens"("token_hash");

-- CreateIndex
CREATE INDEX "access_tokens_user_id_idx" ON "access_tokens"("user_id");

-- CreateIndex
CREATE INDEX "access_tokens_application_id_idx" ON "access_tokens"("application_id");

-- CreateIndex
CREATE UNIQUE INDEX "roles_name_key" ON "roles"("name");

-- CreateIndex
CREATE INDEX "grants_subject_kind_subject_id_idx" ON "grants"("subject_kind", "subject_id");

-- CreateIndex
CREATE UNIQUE INDEX "clusters_name_key" ON "clusters"("name");

-- CreateIndex
CREATE UNIQUE INDEX "saved_views_surface_owner_id_name_key" ON "saved_views"("surface", "owner_id", "name");

-- CreateIndex
CREATE UNIQUE INDEX "audit_dictionary_kind_value_key" ON "audit_dictionary"("kind", "value");

-- CreateIndex
CREATE UNIQUE INDEX "audit_actor_kind_subject_id_name_email_key" ON "audit_actor"("kind", "subject_id", "name", "email");

-- CreateIndex
CREATE UNIQUE INDEX "audit_cluster_cluster_id_name_endpoint_key" ON "audit_cluster"("cluster_id", "name", "endpoint");

-- AddForeignKey
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "group_members" ADD CONSTRAINT "group_members_group_id_fkey" FOREIGN KEY ("group_id") REFERENCES "groups"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "group_members" ADD CONSTRAINT "group_members_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "access_tokens" ADD CONSTRAINT "access_tokens_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "access_tokens" ADD CONSTRAINT "access_tokens_application_id_fkey" FOREIGN KEY ("application_id") REFERENCES "applications"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "grants" ADD CONSTRAINT "grants_role_id_fkey" FOREIGN KEY ("role_id") REFERENCES "roles"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "saved_views" ADD CONSTRAINT "saved_views_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;



-- What Prisma's schema cannot express.

-- Numbers grow with the physical order of a partition: a BRIN index finds an entry by its number at next to no size.
CREATE INDEX "kube_request_no_idx" ON "kube_request" USING brin ("no") WITH (pages_per_range = 16, autosummarize = on);
CREATE INDEX "audit_event_no_idx" ON "audit_event" USING brin ("no") WITH (pages_per_range = 16, autosummarize = on);

-- Sessions' two rows, and the calls of one kubectl command, find each other.
CREATE INDEX "kube_request_session_id_idx" ON "kube_request" ("session_id") WHERE "session_id" IS NOT NULL;
CREATE INDEX "audit_event_entity_id_idx" ON "audit_event" ("entity_id", "happened_at") WHERE "entity_id" IS NOT NULL;

ALTER TABLE "users" ADD CONSTRAINT "users_console_role_check" CHECK ("console_role" IN ('administrator', 'auditor', 'user'));
ALTER TABLE "applications" ADD CONSTRAINT "applications_console_role_check" CHECK ("console_role" IN ('administrator', 'auditor'));
ALTER TABLE "access_tokens" ADD CONSTRAINT "access_tokens_owner_check" CHECK (num_nonnulls("user_id", "application_id") = 1);
ALTER TABLE "grants" ADD CONSTRAINT "grants_subject_kind_check" CHECK ("subject_kind" IN ('user', 'group', 'application'));
ALTER TABLE "saved_views" ADD CONSTRAINT "saved_views_surface_check" CHECK ("surface" IN ('request_audit', 'event_history'));

INSERT INTO "audit_ledger" ("ledger_id", "stream", "last_no") VALUES (0, 'kube_request', 0), (0, 'audit_event', 0);
