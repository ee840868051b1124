"use client";

import { Search } from "lucide-react";
import { type ReactNode, useRef } from "react";
import { classNames } from "../class-names.ts";
import { KeyHint } from "../key-hint.tsx";
import { FilterBuilder } from "./builder/filter-builder.tsx";
import { formatCount } from "./format-count.ts";
import { QueryBar } from "./query/query-bar.tsx";
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
          if (event.key !== "Escape") return;
          event.preventDefault();
          model.search.setText("");
          event.currentTarget.blur();
        }}
      />
      {model.search.text ? null : <KeyHint className="max-tablet:hidden">/</KeyHint>}
    </label>
  );
}

export function Query<Row extends { no: number }>({ model }: { model: AuditPageModel<Row> }) {
  const input = useRef<HTMLInputElement>(null);
  const { draft, url } = model;
  return (
    <div className="contents" data-field="filter">
      <QueryBar
        applied={url.filter}
        draft={draft.draft}
        onDraft={draft.setDraft}
        onApply={() => model.applyFilter(draft.draft.trim())}
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
        example={model.surface.filterExample}
      >
        <FilterBuilder
          fields={model.fields}
          filter={draft.filter}
          unreadable={draft.error !== null}
          onDraft={draft.setDraft}
          onApply={model.applyFilter}
        />
      </QueryBar>
    </div>
  );
}
