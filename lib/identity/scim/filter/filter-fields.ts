/** What a filter may ask of: an expression of SQL that holds nothing of the request. */
export interface FilterField {
  sql: string;
  /** `text` is compared without case, `exact` with; `time` as a moment. */
  kind: "text" | "exact" | "boolean" | "time";
}

/** The fields of a kind of resource, by their names in lower case. */
export type FilterFields = Readonly<Record<string, FilterField>>;

export const text = (sql: string): FilterField => ({ sql, kind: "text" });
export const exact = (sql: string): FilterField => ({ sql, kind: "exact" });
export const boolean = (sql: string): FilterField => ({ sql, kind: "boolean" });
export const time = (sql: string): FilterField => ({ sql, kind: "time" });
