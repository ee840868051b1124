-- Several identity providers: a person belongs to one of them, and two people of two providers may have one address
-- (docs/decisions/0119). Who was made known and has not signed in yet gets the configured provider at the start that follows.
ALTER TABLE "users" ADD COLUMN "issuer" TEXT;
UPDATE "users" u SET "issuer" = (
  SELECT a."issuer" FROM "accounts" a WHERE a."user_id" = u."id" AND a."issuer" IS NOT NULL ORDER BY a."id" LIMIT 1);
DROP INDEX "users_email_key";
CREATE UNIQUE INDEX "users_issuer_email_key" ON "users" ("issuer", "email");
CREATE INDEX "users_email_idx" ON "users" ("email");

ALTER TABLE "sessions" ADD COLUMN "provider" TEXT;
