-- CreateTable
CREATE TABLE "audit_dead_letter" (
    "ledger_id" SMALLINT NOT NULL,
    "journal_id" UUID NOT NULL,
    "position" BIGINT NOT NULL,
    "entry" TEXT NOT NULL,
    "error" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "audit_dead_letter_pkey" PRIMARY KEY ("ledger_id","journal_id","position")
);
