"use client";

import { useEffect, useRef } from "react";
import type { Completion } from "../../../../lib/filter/complete.ts";
import { classNames } from "../../class-names.ts";
import { PANEL } from "../../popover.tsx";

const COLOUR: Record<Completion["kind"], string> = {
  field: "text-syn-field",
  operator: "text-fg-2",
  keyword: "text-syn-bool",
  value: "text-syn-value",
};

/** What may come next in the expression. */
export function CompletionList({
  id,
  options,
  active,
  left,
  onAccept,
}: {
  id: string;
  options: readonly Completion[];
  active: number;
  left: number;
  onAccept: (index: number) => void;
}) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.children[active]?.scrollIntoView({ block: "nearest" });
  }, [active]);
  return (
    <div
      ref={list}
      id={id}
      role="listbox"
      aria-label="Completions"
      className={classNames(PANEL, "query-popup max-h-64 overflow-auto p-1")}
      style={{ left: `min(${left}px, calc(100% - 260px))` }}
    >
      {options.map((option, index) => (
        // biome-ignore lint/a11y/useFocusableInteractive: focus stays in the input, which names the active option
        // biome-ignore lint/a11y/useKeyWithClickEvents: the input handles the keys
        <div
          key={`${option.kind} ${option.label}`}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === active}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onAccept(index)}
          className={classNames(
            "flex h-7 items-center gap-4 rounded-[4px] px-2 hover:bg-bg-hot max-tablet:h-11",
            index === active && "bg-bg-hot",
          )}
        >
          <span className={classNames("mono", COLOUR[option.kind])}>{option.label}</span>
          <span className="cut ml-auto text-meta text-fg-3">{option.detail}</span>
        </div>
      ))}
    </div>
  );
}
