-- While the identity provider is asked about a person, no other replica asks: a refresh token may count once. No transaction is open
-- meanwhile (docs/decisions/0078).
ALTER TABLE "accounts" ADD COLUMN "asked_at" TIMESTAMPTZ(3);
