"use client";

import { CornerDownLeft, ListFilter, X } from "lucide-react";
import {
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
  useId,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { begunCompletion, completeFilter } from "../../../../lib/filter/complete.ts";
import type { FieldSet } from "../../../../lib/filter/fields.ts";
import type { FilterError } from "../../../../lib/filter/parse.ts";
import { Button } from "../../button.tsx";
import { classNames } from "../../class-names.ts";
import { IconButton } from "../../icon-button.tsx";
import { isComposing } from "../../is-composing.ts";
import { CompletionList } from "./completion-list.tsx";
import { QueryInk } from "./query-ink.tsx";

/** Advance of a character of the query's font: 12 px Geist Mono, tracked -0.015 em. */
const CHARACTER_WIDTH = 12 * (0.6 - 0.015);

/**
 * The filter as text. Typing makes a draft, which is coloured, completed, checked and counted; Enter applies it, Esc goes back
 * to what is applied.
 */
export function QueryBar({
  applied,
  draft,
  onDraft,
  onApply,
  fields,
  error,
  count,
  inputRef,
  example,
  offer = null,
  hasButton = true,
  children,
}: {
  applied: string;
  draft: string;
  onDraft: (text: string) => void;
  onApply: () => void;
  fields: FieldSet;
  error: FilterError | null;
  /** How many rows the draft matches. */
  count: ReactNode;
  inputRef: RefObject<HTMLInputElement | null>;
  /** An expression to show while there is none. */
  example?: string;
  /** What the draft may mean instead; Enter takes it where the draft is no filter. */
  offer?: { label: string; onTake: () => void } | null;
  /** Whether a draft is counted, applied and cleared here, or by what is around it. */
  hasButton?: boolean;
  /** The builder's button. */
  children?: ReactNode;
}) {
  const [focused, setFocused] = useState(false);
  const [cursor, setCursor] = useState(0);
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  /** Letters were written since the field was entered: only then Tab completes them. */
  const [isTyping, setIsTyping] = useState(false);
  const [scroll, setScroll] = useState(0);
  const container = useRef<HTMLFieldSetElement>(null);
  /** Where the caret belongs once the field shows what was completed. */
  const caret = useRef<number | null>(null);
  const listId = useId();
  const noteId = useId();
  const isDraft = draft !== applied;
  const completions = useMemo(
    () => (open ? completeFilter(draft, cursor, fields) : null),
    [open, draft, cursor, fields],
  );
  const options = completions?.options ?? [];
  // While it is typed, a word at the end is not wrong yet: more may come.
  const unfinished = error !== null && focused && error.end >= draft.trimEnd().length;

  function change(text: string, at: number) {
    onDraft(text);
    setCursor(at);
    setOpen(true);
    setIsTyping(true);
    setActive(-1);
  }

  function accept(index: number) {
    const option = options[index];
    if (!option || !completions) return;
    const text = draft.slice(0, completions.from) + option.insert + draft.slice(completions.to).trimStart();
    const at = completions.from + option.insert.length;
    caret.current = at;
    change(text, at);
  }

  // Before the next key is read: a frame later it would move the caret of who types on.
  useLayoutEffect(() => {
    if (caret.current === null) return;
    inputRef.current?.setSelectionRange(caret.current, caret.current);
    caret.current = null;
  });

  function apply() {
    if (error && !offer) return;
    setOpen(false);
    if (error) offer?.onTake();
    else onApply();
    inputRef.current?.blur();
  }

  /** What Tab takes: the entry that the arrows chose, or the one that is begun. Otherwise Tab moves on, as it does in every field. */
  function choiceOfTab(): number | null {
    if (!open || !completions) return null;
    if (active >= 0 && active < options.length) return active;
    return isTyping ? begunCompletion(completions) : null;
  }

  function onKeyDown(event: KeyboardEvent) {
    if (isComposing(event.nativeEvent)) return;
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      if (!open) setOpen(true);
      else if (options.length > 0)
        setActive((at) => (at + step + options.length + (at < 0 && step < 0 ? 1 : 0)) % options.length);
    } else if (event.key === "Tab") {
      const chosen = event.shiftKey ? null : choiceOfTab();
      if (chosen === null) setOpen(false);
      else {
        event.preventDefault();
        accept(chosen);
      }
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (open && active >= 0) accept(active);
      else apply();
    } else if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      if (open && options.length > 0) setOpen(false);
      else {
        onDraft(applied);
        inputRef.current?.blur();
      }
    }
  }

  return (
    <fieldset
      ref={container}
      aria-label="Filter expression"
      className={classNames(
        "field query",
        (isDraft || focused) && "is-editing",
        (isDraft || focused) && "is-draft",
        error && !unfinished && !offer && "is-wrong",
      )}
      onBlur={(event) => {
        if (!container.current?.contains(event.relatedTarget)) setOpen(false);
      }}
    >
      <ListFilter aria-hidden />
      <div className="query-text">
        <QueryInk text={draft} wrong={error && !unfinished ? error : null} scroll={scroll} />
        <input
          ref={inputRef}
          type="text"
          value={draft}
          placeholder={example ? `Filter, e.g. ${example}` : "Filter"}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          role="combobox"
          aria-label="Filter expression"
          aria-autocomplete="list"
          aria-expanded={open && options.length > 0}
          aria-controls={listId}
          aria-activedescendant={active >= 0 ? `${listId}-${active}` : undefined}
          aria-invalid={error && !unfinished ? true : undefined}
          aria-describedby={noteId}
          onFocus={(event) => {
            setFocused(true);
            setCursor(event.currentTarget.selectionStart ?? draft.length);
            setOpen(true);
            setIsTyping(false);
            setActive(-1);
          }}
          onBlur={() => setFocused(false)}
          onChange={(event) =>
            change(event.target.value, event.target.selectionStart ?? event.target.value.length)
          }
          onSelect={(event) => setCursor(event.currentTarget.selectionStart ?? 0)}
          onScroll={(event) => setScroll(event.currentTarget.scrollLeft)}
          onKeyDown={onKeyDown}
        />
      </div>
      <span
        id={noteId}
        role="status"
        className={classNames("query-count cut max-w-[45%]", error && !unfinished && "is-wrong")}
        title={error?.message}
      >
        {error && offer
          ? null
          : error
            ? unfinished
              ? error.message
              : `At ${error.start + 1}: ${error.message}`
            : isDraft && hasButton
              ? count
              : null}
      </span>
      {offer && isDraft ? (
        <Button size="small" look={error ? "primary" : undefined} onClick={offer.onTake}>
          Range: {offer.label}
        </Button>
      ) : null}
      {isDraft && hasButton && !(error && offer) ? (
        <Button look="primary" size="small" disabled={error !== null} onClick={apply}>
          Apply
          <CornerDownLeft aria-hidden className="size-3!" />
        </Button>
      ) : draft && hasButton ? (
        <IconButton
          label="Clear filter"
          size="icon-small"
          onClick={() => {
            onDraft("");
            inputRef.current?.focus();
          }}
        >
          <X aria-hidden />
        </IconButton>
      ) : null}
      {children}
      {open && options.length > 0 ? (
        <CompletionList
          id={listId}
          options={options}
          active={active}
          left={Math.max(0, 28 + (completions?.from ?? 0) * CHARACTER_WIDTH - scroll)}
          onAccept={accept}
        />
      ) : null}
    </fieldset>
  );
}
