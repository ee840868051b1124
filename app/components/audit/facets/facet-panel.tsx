"use client";

import { ChevronDown, CircleMinus, PanelLeft } from "lucide-react";
import { type KeyboardEvent, type MouseEvent, useState } from "react";
import type { AuditFacets } from "../../../../lib/audit/query/schema.ts";
import type { FilterNode } from "../../../../lib/filter/tree.ts";
import { classNames } from "../../class-names.ts";
import { IconButton } from "../../icon-button.tsx";
import { Skeleton } from "../../skeleton.tsx";
import { formatCount } from "../format-count.ts";
import { facetChoice } from "./facet-filter.ts";

type Facet = AuditFacets["facets"][number];
type FacetHandler = (field: string, value: string | null, choice: "included" | "excluded") => void;

const FEW = 5;

/**
 * Counts of values beside the table. A click (Enter) includes a value; the sign beside it, Alt-click or Alt-Enter excludes it. Both rewrite
 * the expression.
 */
export function FacetPanel({
  facets,
  failed,
  filter,
  failure,
  onToggle,
  onClose,
}: {
  /** Null while they are on their way, or could not be read. */
  facets: AuditFacets | null;
  failed: boolean;
  filter: FilterNode | null;
  failure: { field: string; value: string };
  onToggle: FacetHandler;
  onClose?: () => void;
}) {
  return (
    <aside className="facets" aria-label="Facets">
      <div className="facets-head">
        <h2>Narrow by</h2>
        {onClose ? (
          <IconButton label="Close facets" keys="[" size="icon-small" onClick={onClose}>
            <PanelLeft aria-hidden />
          </IconButton>
        ) : null}
      </div>
      {facets?.facets
        .filter((facet) => facet.values.length > 0)
        .map((facet) => (
          <FacetSection
            key={facet.field}
            facet={facet}
            filter={filter}
            failure={failure}
            onToggle={onToggle}
          />
        ))}
      {facets || failed ? null : [0, 1, 2].map((section) => <FacetSkeleton key={section} />)}
      {failed ? <p className="px-4 pt-1 text-meta text-fg-3">The values could not be loaded.</p> : null}
    </aside>
  );
}

function FacetSection({
  facet,
  filter,
  failure,
  onToggle,
}: {
  facet: Facet;
  filter: FilterNode | null;
  failure: { field: string; value: string };
  onToggle: FacetHandler;
}) {
  const [shut, setShut] = useState(false);
  const [all, setAll] = useState(false);
  const total = facet.values.reduce((sum, { count }) => sum + count, 0);
  const shown = all ? facet.values : facet.values.slice(0, FEW);
  const hidden = facet.values.length - shown.length;
  return (
    <section className={classNames("facet", shut && "is-shut")}>
      <h3>
        <button type="button" aria-expanded={!shut} onClick={() => setShut(!shut)}>
          {facet.label}
          <ChevronDown aria-hidden />
        </button>
      </h3>
      {shut ? null : (
        <ul>
          {shown.map(({ value, count }) => (
            <FacetValue
              key={value ?? " absent"}
              facet={facet}
              value={value}
              count={count}
              share={total > 0 ? (count / total) * 100 : 0}
              choice={facetChoice(filter, facet.field, value)}
              isFailure={facet.field === failure.field && value === failure.value}
              onToggle={onToggle}
            />
          ))}
        </ul>
      )}
      {!shut && (hidden > 0 || (all && facet.values.length > FEW)) ? (
        <button type="button" className="facet-more" onClick={() => setAll(!all)}>
          {all ? "Fewer" : `${hidden}${facet.more ? "+" : ""} more`}
        </button>
      ) : null}
    </section>
  );
}

function FacetValue({
  facet,
  value,
  count,
  share,
  choice,
  isFailure,
  onToggle,
}: {
  facet: Facet;
  value: string | null;
  count: number;
  share: number;
  choice: "included" | "excluded" | null;
  isFailure: boolean;
  onToggle: FacetHandler;
}) {
  const label = facetLabel(facet.field, value);
  const onClick = (event: MouseEvent) => {
    event.preventDefault();
    onToggle(facet.field, value, event.altKey ? "excluded" : "included");
  };
  // Not every browser presses a button by Enter while Alt is held.
  const onKeyDown = (event: KeyboardEvent) => {
    if (!event.altKey || event.key !== "Enter") return;
    event.preventDefault();
    onToggle(facet.field, value, "excluded");
  };
  return (
    <li
      className={classNames(isFailure && "is-failure", choice === "excluded" && "is-excluded")}
      style={{ "--share": share.toFixed(1) } as React.CSSProperties}
    >
      <button
        type="button"
        aria-pressed={choice === "included"}
        title={`${label}: click or Enter to include, Alt-click or Alt-Enter to exclude`}
        onClick={onClick}
        onKeyDown={onKeyDown}
      >
        <span className={classNames("value cut", value === null && "is-blank")}>{label}</span>
        <span className="number">{formatCount({ count, exact: facet.exact })}</span>
        {choice === "excluded" ? <span className="sr-only">excluded</span> : null}
      </button>
      <button
        type="button"
        className="facet-exclude"
        aria-label={`Exclude ${label}`}
        aria-pressed={choice === "excluded"}
        title={choice === "excluded" ? "Excluded: take that back" : "Exclude"}
        onClick={() => onToggle(facet.field, value, "excluded")}
      >
        <CircleMinus aria-hidden />
      </button>
    </li>
  );
}

function facetLabel(field: string, value: string | null): string {
  if (value === null) return "none";
  if (field === "result") return value.charAt(0).toUpperCase() + value.slice(1);
  return value;
}

function FacetSkeleton() {
  return (
    <div className="grid gap-3 px-4 pt-2 pb-3" aria-hidden>
      <Skeleton width={48} />
      {[90, 70, 80].map((width) => (
        <Skeleton key={width} width={width} />
      ))}
    </div>
  );
}

/** What is left of the panel when it is closed. */
export function FacetRail({ onOpen }: { onOpen: () => void }) {
  return (
    <div className="facet-rail">
      <IconButton label="Open facets" keys="[" size="icon-small" onClick={onOpen}>
        <PanelLeft aria-hidden />
      </IconButton>
    </div>
  );
}
