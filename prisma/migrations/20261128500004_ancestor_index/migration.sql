-- Of all rows: what asks for the tokens below one ("ancestors" && …) cannot use an index that leaves out empty lists.
DROP INDEX "access_tokens_ancestors_idx";
CREATE INDEX "access_tokens_ancestors_idx" ON "access_tokens" USING GIN ("ancestors");
