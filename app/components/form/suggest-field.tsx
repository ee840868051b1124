"use client";

import { type KeyboardEvent, useState } from "react";
import { classNames } from "../class-names.ts";
import { noteId } from "../field-note.tsx";
import { Input } from "../input.tsx";
import { isComposing } from "../is-composing.ts";
import { PANEL } from "../popover.tsx";
import { Field } from "./field.tsx";

const MOST = 7;

export interface Suggestion {
  value: string;
  note?: string;
}

/**
 * Free text with suggestions below it (combobox, list autocomplete: WAI-ARIA APG). The focus alone does not open them: they would cover
 * what a form says about the field that it goes back to.
 */
export function SuggestField({
  id,
  label,
  hint,
  error,
  value,
  onChange,
  suggestions,
  placeholder,
}: {
  id: string;
  label: string;
  hint?: string;
  error?: string;
  value: string;
  onChange: (value: string) => void;
  suggestions: readonly Suggestion[];
  placeholder?: string;
}) {
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(-1);
  const typed = value.toLowerCase();
  const shown = suggestions
    .filter((one) => `${one.value} ${one.note ?? ""}`.toLowerCase().includes(typed))
    .slice(0, MOST);
  const isOpen = open && shown.length > 0 && !(shown.length === 1 && shown[0]?.value === value);
  const listId = `${id}-list`;

  function take(one: Suggestion) {
    onChange(one.value);
    setOpen(false);
    setAt(-1);
  }

  function onKeyDown(event: KeyboardEvent) {
    if (isComposing(event.nativeEvent)) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      setOpen(true);
      const by = event.key === "ArrowDown" ? 1 : -1;
      setAt((now) => (now + by + shown.length) % Math.max(1, shown.length));
    } else if (event.key === "Enter" && isOpen && shown[at]) {
      event.preventDefault();
      take(shown[at]);
    } else if (event.key === "Escape" && isOpen) {
      event.preventDefault();
      setOpen(false);
    }
  }

  return (
    <Field id={id} label={label} hint={hint} error={error}>
      <div className="relative">
        <Input
          id={id}
          role="combobox"
          aria-expanded={isOpen}
          aria-controls={listId}
          aria-autocomplete="list"
          aria-activedescendant={isOpen && at >= 0 ? `${listId}-${at}` : undefined}
          aria-invalid={error ? true : undefined}
          aria-describedby={error || hint ? noteId(id) : undefined}
          autoComplete="off"
          spellCheck={false}
          placeholder={placeholder}
          value={value}
          onChange={(event) => {
            onChange(event.target.value);
            setOpen(true);
            setAt(-1);
          }}
          onClick={() => setOpen(true)}
          onBlur={() => setOpen(false)}
          onKeyDown={onKeyDown}
        />
        {isOpen ? (
          <div
            id={listId}
            role="listbox"
            aria-label={`Suggestions: ${label}`}
            tabIndex={-1}
            className={classNames(PANEL, "absolute inset-x-0 top-full mt-1 p-1")}
          >
            {shown.map((one, index) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the input's, which keeps the focus
              <div
                key={one.value}
                id={`${listId}-${index}`}
                role="option"
                tabIndex={-1}
                aria-selected={index === at}
                className="flex h-7 items-center gap-2 rounded-[4px] px-2 hover:bg-bg-hot aria-selected:bg-bg-hot max-tablet:h-11"
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => take(one)}
              >
                <span className="cut">{one.value}</span>
                {one.note ? <span className="cut ml-auto text-meta text-fg-3">{one.note}</span> : null}
              </div>
            ))}
          </div>
        ) : null}
      </div>
    </Field>
  );
}
