-- Who disabled a person: an administrator's decision stands until an administrator takes it back; the identity provider's is
-- taken back by the next sign-in that it vouches for.
ALTER TABLE "users" ADD COLUMN "disabled_by" TEXT;
ALTER TABLE "users" ADD CONSTRAINT "users_disabled_by_check" CHECK ("disabled_by" IN ('administrator', 'identity_provider'));
ALTER TABLE "users" ADD CONSTRAINT "users_enabled_check" CHECK ("enabled" = ("disabled_by" IS NULL));
