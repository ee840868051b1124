-- A person is issuer and subject, a group issuer and name (docs/decisions/0076): what one identity provider calls "boss" is nobody at
-- another. Rows from before get the issuer of the provider that is configured, at the start that follows this migration.
ALTER TABLE "accounts" ADD COLUMN "issuer" TEXT;
DROP INDEX "accounts_provider_provider_account_id_key";
CREATE UNIQUE INDEX "accounts_issuer_provider_account_id_key" ON "accounts" ("issuer", "provider_account_id");

ALTER TABLE "groups" ADD COLUMN "issuer" TEXT;
DROP INDEX "groups_name_key";
CREATE UNIQUE INDEX "groups_issuer_name_key" ON "groups" ("issuer", "name");
