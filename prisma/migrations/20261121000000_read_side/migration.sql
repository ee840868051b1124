-- Event History's counters a day: how many events a deep page skips, without reading them.
CREATE TABLE "audit_event_day" (
    "day" TIMESTAMPTZ(0) NOT NULL,
    "ledger_id" SMALLINT NOT NULL,
    "status" SMALLINT NOT NULL,
    "actor_id" INTEGER NOT NULL,
    "cluster_id" INTEGER NOT NULL,
    "action_id" INTEGER NOT NULL,
    "operation_id" INTEGER NOT NULL,
    "entity_type_id" INTEGER NOT NULL,
    "count" INTEGER NOT NULL,

    CONSTRAINT "audit_event_day_pkey" PRIMARY KEY ("day","ledger_id","status","actor_id","cluster_id","action_id","operation_id","entity_type_id")
);

INSERT INTO "audit_event_day"
SELECT date_trunc('day', "minute", 'UTC'), "ledger_id", "status", "actor_id", "cluster_id", "action_id", "operation_id",
  "entity_type_id", sum("count")
FROM "audit_event_minute" GROUP BY 1, 2, 3, 4, 5, 6, 7, 8;

-- The overview counts what the gateway denied and which sessions began; both are few among all calls.
CREATE INDEX "kube_request_denied_idx" ON "kube_request" ("executed_at") INCLUDE ("actor_id") WHERE "role_id" IS NULL AND "result" = 0;
CREATE INDEX "kube_request_started_idx" ON "kube_request" ("executed_at") INCLUDE ("resource_id", "actor_id") WHERE "stage" = 1;
