"use client";

import { ListFilter, X } from "lucide-react";
import { type ReactNode, useMemo, useState } from "react";
import { formatFilter } from "../../../lib/filter/format.ts";
import { parseFilter } from "../../../lib/filter/parse.ts";
import type { FilterNode } from "../../../lib/filter/tree.ts";
import { Button } from "../button.tsx";
import { Dialog, DialogContent } from "../dialog.tsx";
import { Query, SearchField } from "./audit-tool-bar.tsx";
import { LiveButton } from "./audit-top-bar.tsx";
import { BuilderPanel } from "./builder/filter-builder.tsx";
import { FacetPanel } from "./facets/facet-panel.tsx";
import { TimeRangePicker } from "./range/time-range-picker.tsx";
import type { AuditPageModel } from "./use-audit-page.ts";

/** Search, range, conditions and live on a phone; everything else in a sheet. */
export function PhoneTools<Row extends { no: number }>({
  model,
  views,
}: {
  model: AuditPageModel<Row>;
  views?: ReactNode;
}) {
  const [open, setOpen] = useState(false);
  const { url } = model;
  const conditions = useMemo(() => conditionsOf(url.filter, model), [url.filter, model]);
  return (
    <div className="phone-tools">
      <div className="flex gap-2 [&>.field]:h-10 [&>.field]:flex-1">
        <SearchField model={model} />
        <Button onClick={() => setOpen(true)}>
          <ListFilter aria-hidden />
          Filter
          {conditions.length > 0 ? (
            <span className="font-normal text-fg-3 tabular-nums">{conditions.length}</span>
          ) : null}
        </Button>
      </div>
      <div className="flex gap-1.5 [&_button]:h-9 [&_button]:flex-none [&_button]:px-2.5">
        <div className="flex min-w-0 flex-1 gap-1.5 overflow-x-auto [scrollbar-width:none]">
          <TimeRangePicker
            range={url.range}
            onChange={(range) => void url.setRange(range)}
            now={model.now}
            timeZone={model.timeZone}
            presets={model.surface.presets}
            longestDays={model.surface.longestRangeDays}
          />
          {conditions.map((condition) => (
            <button
              key={condition.text}
              type="button"
              className="mono inline-flex items-center gap-2 rounded-1 bg-bg-inset text-fg-2 [&_svg]:size-3"
              aria-label={`Remove ${condition.text}`}
              onClick={() => model.applyFilter(condition.without)}
            >
              {condition.text}
              <X aria-hidden />
            </button>
          ))}
        </div>
        <LiveButton model={model} />
      </div>
      <Dialog open={open} onOpenChange={setOpen}>
        <DialogContent
          title="Filter"
          className="max-tablet:top-0 max-tablet:max-h-full max-tablet:rounded-none"
        >
          <div className="grid gap-4">
            {views}
            <Query model={model} />
            <BuilderPanel
              fields={model.fields}
              filter={model.draft.filter}
              unreadable={model.draft.error !== null}
              onDraft={model.draft.setDraft}
              onApply={model.applyFilter}
              onClose={() => setOpen(false)}
            />
            <FacetPanel
              facets={model.facets}
              failed={model.data.facetsFailed}
              filter={model.draft.filter}
              failure={model.surface.failure}
              onToggle={model.toggleFacet}
            />
          </div>
        </DialogContent>
      </Dialog>
    </div>
  );
}

/** The conditions that all have to hold, each with the expression that is left without it. */
function conditionsOf<Row extends { no: number }>(text: string, { surface }: AuditPageModel<Row>) {
  const parsed = parseFilter(text, surface.fields);
  if (!parsed.ok || !parsed.filter) return [];
  const nodes = parsed.filter.kind === "and" ? parsed.filter.nodes : [parsed.filter];
  return nodes.map((node, index) => {
    const others = nodes.filter((_, at) => at !== index);
    const rest: FilterNode | null = others.length === 0 ? null : { kind: "and", nodes: others };
    return { text: formatFilter(node), without: formatFilter(rest) };
  });
}
