"use client";

import { ChevronDown, ChevronUp, Search, X } from "lucide-react";
import type { RefObject } from "react";
import { IconButton } from "../../../../../../components/icon-button.tsx";
import { isComposing } from "../../../../../../components/is-composing.ts";
import type { TextSearch } from "./use-text-search.ts";

/** The bar is dark in both themes. */
const ON_DARK = "hover:bg-(--term-field-line) hover:text-(--term-fg)";

/** Looks for a text in what was shown and typed: Enter goes to the next hit, Shift with Enter to the one before, Escape clears. */
export function SearchField({
  search,
  field,
}: {
  search: TextSearch;
  field: RefObject<HTMLInputElement | null>;
}) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: <search> is not in every browser that is served
    <div role="search" className="recording-search">
      <Search aria-hidden />
      <input
        ref={field}
        value={search.text}
        aria-label="Search the text of this session"
        placeholder="Search the text"
        spellCheck={false}
        autoComplete="off"
        aria-keyshortcuts="/"
        onChange={(event) => search.setText(event.target.value)}
        onKeyDown={(event) => {
          if (isComposing(event.nativeEvent)) return;
          if (event.key === "Enter" && event.shiftKey) search.previous();
          else if (event.key === "Enter") search.next();
          else if (event.key === "Escape" && search.text !== "") search.setText("");
          else if (event.key === "Escape") event.currentTarget.blur();
          else return;
          event.preventDefault();
        }}
      />
      <span className="count" role="status" title={search.problem ?? undefined}>
        {wordsOf(search)}
      </span>
      {search.text === "" ? null : (
        <>
          <IconButton
            label="Previous match"
            keys="Shift Enter"
            size="icon-small"
            className={ON_DARK}
            onClick={search.previous}
          >
            <ChevronUp aria-hidden />
          </IconButton>
          <IconButton
            label="Next match"
            keys="Enter"
            size="icon-small"
            className={ON_DARK}
            onClick={search.next}
          >
            <ChevronDown aria-hidden />
          </IconButton>
          <IconButton
            label="Clear the search"
            keys="Esc"
            size="icon-small"
            className={ON_DARK}
            onClick={() => search.setText("")}
          >
            <X aria-hidden />
          </IconButton>
        </>
      )}
    </div>
  );
}

function wordsOf({ hits, at, more, text, problem, asking }: TextSearch): string {
  if (problem !== null) return "Search failed";
  if (text.trim() === "" || asking) return "";
  if (hits === null) return "";
  const count = more ? `${hits.length}+` : String(hits.length);
  if (hits.length === 0) return "No match";
  if (at === null) return hits.length === 1 ? "1 match" : `${count} matches`;
  return `${at + 1} of ${count}`;
}
