"use client";

import { Search } from "lucide-react";
import { isComposing } from "../is-composing.ts";
import { KeyHint } from "../key-hint.tsx";

/** Narrows a list by the words that are typed. */
export function ListSearch({
  value,
  onChange,
  label,
}: {
  value: string;
  onChange: (value: string) => void;
  label: string;
}) {
  return (
    <label className="field w-[280px] max-tablet:h-11 max-tablet:flex-1" data-field="search">
      <Search aria-hidden />
      <input
        type="search"
        placeholder={label}
        aria-label={label}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape" || isComposing(event.nativeEvent)) return;
          event.preventDefault();
          onChange("");
          event.currentTarget.blur();
        }}
      />
      {value ? null : <KeyHint className="max-tablet:hidden">/</KeyHint>}
    </label>
  );
}
