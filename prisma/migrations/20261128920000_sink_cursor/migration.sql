-- How far each sink that reads the record has come, and which process reads for it at the moment.
CREATE TABLE "audit_sink_cursor" (
    "sink" TEXT NOT NULL,
    "ledger_id" SMALLINT NOT NULL,
    "stream" TEXT NOT NULL,
    "last_no" BIGINT NOT NULL,
    "lease_owner" UUID,
    "lease_until" TIMESTAMPTZ(3),
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "audit_sink_cursor_pkey" PRIMARY KEY ("sink","ledger_id","stream")
);
