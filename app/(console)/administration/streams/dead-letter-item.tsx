"use client";

import type { DeadLetterView } from "../../../../lib/streams/schema.ts";
import { SURFACE_TITLES } from "../../../../lib/streams/surfaces/schema.ts";
import { formatNumber } from "../../../components/audit/format-count.ts";
import { Checkbox } from "../../../components/checkbox.tsx";
import { CodeBlock } from "../../../components/code-block.tsx";
import { When } from "../../../components/time/when.tsx";
import { prettyJson } from "./pretty-json.ts";

/** One record that was refused: why, how often it was sent again, and the record itself. */
export function DeadLetterItem({
  letter: { surface, no, at, reason, text, attempts },
  chosen,
  onChoose,
}: {
  letter: DeadLetterView;
  /** null: it cannot be chosen. */
  chosen: boolean | null;
  onChoose: (chosen: boolean) => void;
}) {
  const name = `${SURFACE_TITLES[surface]} No ${formatNumber(no)}`;
  return (
    <li className="flex gap-2 rounded-2 border border-line px-3 py-2">
      {chosen === null ? null : (
        <Checkbox
          aria-label={`Choose ${name}`}
          className="mt-0.5"
          checked={chosen}
          onCheckedChange={(is) => onChoose(is === true)}
        />
      )}
      <div className="grid min-w-0 flex-1 grid-cols-1 gap-1">
        <span>
          <span className="font-medium text-fg">{name}</span>{" "}
          <span className="text-fg-3">
            <When time={at} absent="" />
            {attempts > 0 ? `, sent again ${attempts === 1 ? "once" : `${attempts} times`}` : ""}
          </span>
        </span>
        <span className="wrap-anywhere text-fail">{reason}</span>
        <details>
          <summary className="cursor-pointer text-fg-2">The record</summary>
          <CodeBlock
            text={prettyJson(text)}
            language="json"
            label={`Record of ${name}`}
            wrap
            className="mt-1 max-h-[240px] overflow-auto"
          />
        </details>
      </div>
    </li>
  );
}
