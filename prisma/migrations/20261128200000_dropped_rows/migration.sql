-- How many numbered rows retention has dropped: rows that are there and rows that were dropped are as many as numbers were given.
ALTER TABLE "audit_ledger" ADD COLUMN "dropped" BIGINT NOT NULL DEFAULT 0;

-- What was dropped before is not known apart from what was lost: where the first number is still there, nothing was dropped.
UPDATE "audit_ledger" SET "dropped" = "last_no" - (SELECT count(*) FROM "kube_request")
WHERE "stream" = 'kube_request' AND NOT EXISTS (SELECT 1 FROM "kube_request" WHERE "no" = 1);
UPDATE "audit_ledger" SET "dropped" = "last_no" - (SELECT count(*) FROM "audit_event")
WHERE "stream" = 'audit_event' AND NOT EXISTS (SELECT 1 FROM "audit_event" WHERE "no" = 1);
