-- Roles are documents that administrators write, each change of which is kept.
ALTER TABLE "roles" ADD COLUMN "kubernetes_user" TEXT,
                    ADD COLUMN "audit_reads" BOOLEAN,
                    ADD COLUMN "requests" JSONB,
                    ADD COLUMN "version" INTEGER NOT NULL DEFAULT 1;

CREATE TABLE "role_versions" (
    "role_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "change" TEXT NOT NULL,
    "document" JSONB NOT NULL,
    "reason" TEXT,
    "author" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "role_versions_pkey" PRIMARY KEY ("role_id", "version"),
    CONSTRAINT "role_versions_role_id_fkey" FOREIGN KEY ("role_id") REFERENCES "roles"("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- The roles that are there begin with what they say now.
INSERT INTO "role_versions" ("role_id", "version", "change", "document", "author", "created_at")
SELECT "id", 1, 'Create', jsonb_build_object(
         'apiVersion', 'kubewitness.io/v1',
         'kind', 'Role',
         'metadata', jsonb_build_object('name', "name", 'description', "description"),
         'spec', jsonb_build_object(
           'rules', "rules",
           'kubernetes', jsonb_build_object('groups', to_jsonb(coalesce("kubernetes_groups", '{}'))),
           'impersonate', jsonb_build_object(
             'users', to_jsonb(coalesce("impersonate_users", '{}')),
             'groups', to_jsonb(coalesce("impersonate_groups", '{}'))),
           'recording', jsonb_build_object('mode', "record", 'input', "record_input"))),
       'system', "updated_at"
FROM "roles";
