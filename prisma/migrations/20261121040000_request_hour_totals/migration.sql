-- Calls an hour by result alone: the histogram of a week or a month, and counts over such windows.
CREATE TABLE "kube_request_hour_total" (
    "hour" TIMESTAMPTZ(0) NOT NULL,
    "ledger_id" SMALLINT NOT NULL,
    "result" SMALLINT NOT NULL,
    "count" INTEGER NOT NULL,

    CONSTRAINT "kube_request_hour_total_pkey" PRIMARY KEY ("hour","ledger_id","result")
);

INSERT INTO "kube_request_hour_total"
SELECT date_trunc('hour', "minute", 'UTC'), "ledger_id", "result", sum("count") FROM "kube_request_minute_total" GROUP BY 1, 2, 3;
