-- Where somebody who is signing in wanted to go. Written for people who are not known yet: bounded in size, number and time
-- (lib/identity/sign-in/return-path.ts).
CREATE TABLE "sign_in_attempts" (
    "id" TEXT NOT NULL,
    "return_path" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "sign_in_attempts_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "sign_in_attempts_expires_at_idx" ON "sign_in_attempts" ("expires_at");
