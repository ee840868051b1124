import type { SqlRow } from "../columns/derived/schema.ts";
import { REQUEST_AUDIT } from "../columns/request-audit/schema.ts";
import { entryReader } from "../query/entry-reader.ts";
import type { FactRow } from "../query/rows.ts";

/** A row of `kube_request`. */
export type RequestRow = FactRow & SqlRow<typeof REQUEST_AUDIT.columns>;

/** Puts texts in the place of ids. */
export const toEntries = entryReader(REQUEST_AUDIT);
