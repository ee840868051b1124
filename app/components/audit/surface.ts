import type { ReactNode } from "react";
import type { z } from "zod";
import type { ListPlace } from "../../../lib/audit/columns/schema.ts";
import type { SavedViewSurface } from "../../../lib/audit/views/schema.ts";
import type { FieldSet } from "../../../lib/filter/fields.ts";
import type { TimeRange } from "./range/time-range.ts";
import type { ColumnFacts } from "./table/column-state.ts";

/** What a cell may need besides its row. */
export interface CellContext {
  timeZone: string;
  /** The range lies within one day: times need no date. */
  oneDay: boolean;
  /** The drawer is open: what it repeats gives way. */
  compact: boolean;
}

/** How a column of an audit table is drawn. Cells are plain functions: thousands are drawn while scrolling. */
export interface AuditCell<Row> {
  cell: (row: Row, context: CellContext) => ReactNode;
  /** Classes of the cell: is-number, is-ink, is-message. */
  className?: string;
  /** The text of a cell that may be cut, for its tooltip. */
  title?: (row: Row, context: CellContext) => string | undefined;
}

/** A column of an audit table. */
export interface AuditColumn<Row> extends ColumnFacts, ListPlace, AuditCell<Row> {
  label: string;
  align?: "end";
}

/** How the phone shows a row. */
export interface PhoneRowProps<Row> {
  row: Row;
  context: CellContext;
}

/** A part of a surface's rows that the page can be kept to. */
export interface SurfaceScope {
  /** As the address has it. */
  value: string;
  label: string;
  /** What it holds, in words: `changes and sign-ins`. */
  description: string;
  /** The expression that every row of it fulfils; empty: all rows. */
  filter: string;
}

/**
 * One audit page: what it lists, how it is asked for and how it is shown. Request Audit, Event History and Pod Session Recordings are;
 * everything under components/audit works from it.
 */
export interface AuditSurface<Row extends { no: number }> {
  /** Key of saved views. */
  id: SavedViewSurface;
  title: string;
  /** The groups above the title: `["Audit", "Kubernetes"]`. */
  path: readonly string[];
  /** The page's own URL; `<href>/<no>` opens a row in the drawer. */
  href: string;
  /** The address of a row's own page, where a row opens one instead. `filter`: what the list is filtered by. */
  pageOf?: (row: Row, filter: string) => string;
  /** The list; `/count`, `/histogram`, `/facets`, `/live`, `/export` and `/<no>` are below it. */
  endpoint: string;
  listSchema: z.ZodType<{ entries: Row[]; next: string | null }>;
  rowSchema: z.ZodType<Row>;
  noun: { one: string; many: string };
  fields: FieldSet;
  columns: readonly AuditColumn<Row>[];
  defaultRange: TimeRange;
  presets?: readonly (TimeRange & { label: string })[];
  /** Longest range in days; unlimited where absent. */
  longestRangeDays?: number;
  /** The parts that the page can be kept to: it opens on the first, and the last is everything. Without them it shows everything. */
  scopes?: readonly [SurfaceScope, ...SurfaceScope[]];
  search: {
    placeholder: string;
    /** Where it looks, as a sentence goes on: `has “x” in …`. */
    lookedIn: string;
    /** Fields in which a text may stand that the search does not find. */
    elsewhere: readonly string[];
  };
  /** An expression that shows what a filter looks like. */
  filterExample?: string;
  isFailure: (row: Row) => boolean;
  /** What the foot says of the focused row. */
  messageOf: (row: Row) => string | null;
  /** The field and value that mean failure: its facet has the red bar. */
  failure: { field: string; value: string };
  /** Labels of the histogram's two series. */
  outcome: { success: string; failure: string };
  PhoneRow: (props: PhoneRowProps<Row>) => ReactNode;
  /** What an empty record says. */
  firstRun: { text: string; action?: { label: string; href: string } };
}
