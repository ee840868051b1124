-- The latest day of a row that names a term, an actor, a cluster: retention removes those that no kept row names, without looking
-- at rows. Replicas of the version before do not write it: what they find or make counts as used for a week more.
ALTER TABLE "audit_dictionary" ADD COLUMN "last_day" DATE NOT NULL DEFAULT (CURRENT_DATE + 7);
ALTER TABLE "audit_actor" ADD COLUMN "last_day" DATE NOT NULL DEFAULT (CURRENT_DATE + 7);
ALTER TABLE "audit_cluster" ADD COLUMN "last_day" DATE NOT NULL DEFAULT (CURRENT_DATE + 7);

-- Rows that are dated ahead name what there is today.
UPDATE "audit_dictionary" SET "last_day" = ahead."day" FROM (
    SELECT greatest((SELECT max("executed_at") FROM "kube_request"), (SELECT max("happened_at") FROM "audit_event"))::date AS "day"
) AS ahead WHERE ahead."day" > "last_day";
UPDATE "audit_actor" SET "last_day" = ahead."day" FROM (
    SELECT greatest((SELECT max("executed_at") FROM "kube_request"), (SELECT max("happened_at") FROM "audit_event"))::date AS "day"
) AS ahead WHERE ahead."day" > "last_day";
UPDATE "audit_cluster" SET "last_day" = ahead."day" FROM (
    SELECT greatest((SELECT max("executed_at") FROM "kube_request"), (SELECT max("happened_at") FROM "audit_event"))::date AS "day"
) AS ahead WHERE ahead."day" > "last_day";
