-- The same counters a day, for windows of weeks.
CREATE TABLE "kube_request_day" (
    "day" TIMESTAMPTZ(0) NOT NULL,
    "ledger_id" SMALLINT NOT NULL,
    "result" SMALLINT NOT NULL,
    "actor_id" INTEGER NOT NULL,
    "cluster_id" INTEGER NOT NULL,
    "namespace_id" INTEGER NOT NULL,
    "verb_id" INTEGER NOT NULL,
    "resource_id" INTEGER NOT NULL,
    "count" INTEGER NOT NULL,

    CONSTRAINT "kube_request_day_pkey" PRIMARY KEY ("day","ledger_id","result","actor_id","cluster_id","namespace_id","verb_id","resource_id")
);

-- Calls a minute by result alone: the histogram that every visit to the page draws.
CREATE TABLE "kube_request_minute_total" (
    "minute" TIMESTAMPTZ(0) NOT NULL,
    "ledger_id" SMALLINT NOT NULL,
    "result" SMALLINT NOT NULL,
    "count" INTEGER NOT NULL,

    CONSTRAINT "kube_request_minute_total_pkey" PRIMARY KEY ("minute","ledger_id","result")
);

INSERT INTO "kube_request_day"
SELECT date_trunc('day', "hour", 'UTC'), "ledger_id", "result", "actor_id", "cluster_id", "namespace_id", "verb_id", "resource_id", sum("count")
FROM "kube_request_hour" GROUP BY 1, 2, 3, 4, 5, 6, 7, 8;

INSERT INTO "kube_request_minute_total"
SELECT "minute", "ledger_id", "result", sum("count") FROM "kube_request_minute" GROUP BY 1, 2, 3;
