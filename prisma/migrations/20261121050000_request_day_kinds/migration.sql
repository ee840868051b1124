-- What the gateway denied and which sessions began, a day: the overview counts them without reading rows.
CREATE TABLE "kube_request_day_kind" (
    "day" TIMESTAMPTZ(0) NOT NULL,
    "ledger_id" SMALLINT NOT NULL,
    "kind" SMALLINT NOT NULL,
    "actor_id" INTEGER NOT NULL,
    "count" INTEGER NOT NULL,

    CONSTRAINT "kube_request_day_kind_pkey" PRIMARY KEY ("day","ledger_id","kind","actor_id")
);

INSERT INTO "kube_request_day_kind"
SELECT date_trunc('day', "executed_at", 'UTC'), "ledger_id", 0, "actor_id", count(*)
FROM "kube_request" WHERE "role_id" IS NULL AND "result" = 0 GROUP BY 1, 2, 4;

INSERT INTO "kube_request_day_kind"
SELECT date_trunc('day', "executed_at", 'UTC'), "ledger_id", 1, "actor_id", count(*)
FROM "kube_request"
WHERE "stage" = 1 AND "resource_id" IN (
    SELECT "id" FROM "audit_dictionary"
    WHERE "kind" = 'resource' AND "value" IN ('pods/exec', 'pods/attach', 'pods/portforward')
)
GROUP BY 1, 2, 4;
