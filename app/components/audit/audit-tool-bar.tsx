"use client";

import { Search } from "lucide-react";
import { type ReactNode, useMemo, useRef } from "react";
import { classNames } from "../class-names.ts";
import { isComposing } from "../is-composing.ts";
import { KeyHint } from "../key-hint.tsx";
import { FilterBuilder } from "./builder/filter-builder.tsx";
import { formatCount } from "./format-count.ts";
import { QueryBar } from "./query/query-bar.tsx";
import { rangeOfFilter } from "./query/range-of-filter.ts";
import type { AuditPageModel } from "./use-audit-page.ts";

/** Views, search and the query. */
export function AuditToolBar<Row extends { no: number }>({
  model,
  views,
}: {
  model: AuditPageModel<Row>;
  views?: ReactNode;
}) {
  return (
    <div className="tool-bar">
      {views}
      <SearchField model={model} yields={model.open.no !== null} />
      <Query model={model} />
    </div>
  );
}

export function SearchField<Row extends { no: number }>({
  model,
  yields = false,
}: {
  model: AuditPageModel<Row>;
  /** Room is short: the field goes unless it searches. */
  yields?: boolean;
}) {
  return (
    <label
      className={classNames(
        "field w-[184px] flex-[0_1_184px]",
        yields && model.search.text === "" && "not-focus-within:hidden!",
      )}
      data-field="search"
    >
      <Search aria-hidden />
      <input
        type="search"
        placeholder={model.surface.search.placeholder}
        aria-label={`Search: ${model.surface.search.placeholder}`}
        value={model.search.text}
        onChange={(event) => model.search.setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape" || isComposing(event.nativeEvent)) return;
          event.preventDefault();
          model.search.setText("");
          event.currentTarget.blur();
        }}
      />
      {model.search.text ? null : <KeyHint className="max-tablet:hidden">/</KeyHint>}
    </label>
  );
}

/** The filter as text. In a sheet it has no buttons of its own: the sheet's apply it; Enter does, too. */
export function Query<Row extends { no: number }>({
  model,
  onApplied,
}: {
  model: AuditPageModel<Row>;
  /** Given by a sheet, which closes. */
  onApplied?: () => void;
}) {
  const input = useRef<HTMLInputElement>(null);
  const { draft, url, surface } = model;
  const meant = useMemo(
    () => rangeOfFilter(draft.draft, surface.fields, surface.presets),
    [draft.draft, surface.fields, surface.presets],
  );
  return (
    <div className="contents" data-field="filter">
      <QueryBar
        applied={url.filter}
        draft={draft.draft}
        onDraft={draft.setDraft}
        onApply={() => {
          model.applyFilter(draft.draft.trim());
          onApplied?.();
        }}
        hasButton={onApplied === undefined}
        fields={model.fields}
        error={draft.error}
        count={
          draft.count ? (
            <>
              <b>{formatCount(draft.count)}</b> match
            </>
          ) : null
        }
        inputRef={input}
        example={surface.filterExample}
        offer={
          meant && {
            label: meant.label,
            onTake: () => {
              draft.setDraft(meant.filter);
              void url.setRangeOfFilter(meant);
            },
          }
        }
      >
        <FilterBuilder
          fields={model.fields}
          text={draft.draft}
          filter={draft.filter}
          unreadable={draft.error !== null}
          onDraft={draft.setDraft}
          onApply={model.applyFilter}
        />
      </QueryBar>
    </div>
  );
}
