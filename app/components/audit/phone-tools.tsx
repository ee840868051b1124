"use client";

import { ListFilter, X } from "lucide-react";
import { type ReactNode, useMemo, useState } from "react";
import { formatFilter } from "../../../lib/filter/format.ts";
import { parseFilter } from "../../../lib/filter/parse.ts";
import type { FilterNode } from "../../../lib/filter/tree.ts";
import { Button } from "../button.tsx";
import { Dialog, DialogContent } from "../dialog.tsx";
import { Query, SearchField } from "./audit-tool-bar.tsx";
import { BuilderPanel } from "./builder/filter-builder.tsx";
import { toggleFacet } from "./facets/facet-filter.ts";
import { FacetPanel } from "./facets/facet-panel.tsx";
import { formatCount } from "./format-count.ts";
import { LiveButton } from "./live/live-button.tsx";
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
  const { url, draft } = model;
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
            <Query model={model} onApplied={() => setOpen(false)} />
            <BuilderPanel
              fields={model.fields}
              text={draft.draft}
              filter={draft.filter}
              unreadable={draft.error !== null}
              onDraft={draft.setDraft}
            />
            <FacetPanel
              facets={model.facets}
              failed={model.data.facetsFailed}
              filter={draft.filter}
              failure={model.surface.failure}
              onToggle={(field, value, choice) => {
                if (!draft.error)
                  draft.setDraft(formatFilter(toggleFacet(draft.filter, field, value, choice)));
              }}
            />
          </div>
          <SheetFoot model={model} onClose={() => setOpen(false)} />
        </DialogContent>
      </Dialog>
    </div>
  );
}

/** The one button of the sheet: it applies what is written, built or chosen above it. */
function SheetFoot<Row extends { no: number }>({
  model: { draft, url, applyFilter },
  onClose,
}: {
  model: AuditPageModel<Row>;
  onClose: () => void;
}) {
  const isDraft = draft.draft.trim() !== url.filter;
  return (
    <div className="sheet-foot">
      <Button look="ghost" disabled={draft.draft === ""} onClick={() => draft.setDraft("")}>
        Clear
      </Button>
      <span role="status" className="cut ml-auto text-fg-3 tabular-nums">
        {isDraft && draft.count && !draft.error ? `${formatCount(draft.count)} match` : null}
      </span>
      <Button
        look="primary"
        disabled={draft.error !== null}
        onClick={() => {
          if (isDraft) applyFilter(draft.draft.trim());
          onClose();
        }}
      >
        {isDraft ? "Apply" : "Done"}
      </Button>
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
