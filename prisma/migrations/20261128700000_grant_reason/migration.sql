-- Why access was given and by whom. Grants from before have neither: their events have who.
ALTER TABLE "grants" ADD COLUMN "reason" TEXT, ADD COLUMN "granted_by" TEXT;
