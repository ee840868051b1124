"use client";

import { DESTINATIONS } from "../../../../../lib/streams/destinations/schema.ts";
import { classNames } from "../../../../components/class-names.ts";

/** Kinds of destinations to choose one of. */
export function KindCards({ value, onChange }: { value: string; onChange: (kind: string) => void }) {
  return (
    <fieldset>
      <legend className="mb-1.5 font-medium text-fg-2">Destination</legend>
      <div className="grid grid-cols-2 gap-2 max-tablet:grid-cols-1">
        {DESTINATIONS.map(({ kind, title, about }) => (
          <label
            key={kind}
            className={classNames(
              "relative grid cursor-pointer content-start gap-0.5 rounded-2 border px-3 py-2 has-focus-visible:outline-2 has-focus-visible:outline-accent",
              kind === value ? "border-accent bg-bg-selected" : "border-line-control hover:bg-bg-hover",
            )}
          >
            <input
              type="radio"
              name="stream-kind"
              value={kind}
              checked={kind === value}
              onChange={() => onChange(kind)}
              className="sr-only"
            />
            <span className="font-medium text-fg">{title}</span>
            <span className="text-fg-3">{about}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
