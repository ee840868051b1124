import type { ProviderConfig } from "../../config/provider-entry.ts";
import { fieldsOfOthers } from "../../config/providers.ts";
import { config } from "../../config.ts";
import { type ProviderRow, readRow } from "./stored-row.ts";

export interface EffectiveRow<Row> {
  row: Row;
  /** null where it does not count. */
  provider: ProviderConfig | null;
  /** Why it does not, although it is enabled. */
  problem: string | null;
}

/** Which rows count beside the configuration, whose providers come first: one that cannot be told from another does not. */
export function effectiveRows<Row extends ProviderRow>(rows: readonly Row[]): EffectiveRow<Row>[] {
  const counting: ProviderConfig[] = [...config().providers];
  return rows.map((row) => {
    const { provider, problem } = readRow(row);
    if (provider === null || !row.enabled) return { row, provider: null, problem };
    const [field] = fieldsOfOthers(provider, counting);
    if (field !== undefined) {
      return {
        row,
        provider: null,
        problem: `another provider has the ${field} ${JSON.stringify(provider[field])}`,
      };
    }
    counting.push(provider);
    return { row, provider, problem: null };
  });
}
