"use client";

import { RefreshCw } from "lucide-react";
import { Button } from "../button.tsx";
import { TopBar } from "../shell/top-bar.tsx";
import { Tooltip } from "../tooltip.tsx";
import { ExportMenu } from "./export/export-menu.tsx";
import { LiveButton } from "./live/live-button.tsx";
import { TimeRangePicker } from "./range/time-range-picker.tsx";
import { ColumnsChooser } from "./table/columns-chooser.tsx";
import type { AuditPageModel } from "./use-audit-page.ts";
import { SavedViewsMenu } from "./views/saved-views-menu.tsx";

/** Range, live, refresh, views, columns and export. */
export function AuditTopBar<Row extends { no: number }>({
  model,
  isPhone,
  hasColumns,
  columnsOpen,
  onColumnsOpen,
  exportOpen,
  onExportOpen,
}: {
  model: AuditPageModel<Row>;
  isPhone: boolean;
  /** What is shown has columns to choose. */
  hasColumns: boolean;
  columnsOpen: boolean;
  onColumnsOpen: (open: boolean) => void;
  exportOpen: boolean;
  onExportOpen: (open: boolean) => void;
}) {
  const { surface, url } = model;
  return (
    <TopBar path={model.open.no === null ? surface.path : []} title={surface.title}>
      {isPhone ? null : (
        <>
          <TimeRangePicker
            range={url.range}
            onChange={(range) => void url.setRange(range)}
            now={model.now}
            timeZone={model.timeZone}
            presets={surface.presets}
            longestDays={surface.longestRangeDays}
          />
          <div className="button-group">
            <LiveButton model={model} />
            <Tooltip label="Refresh" keys="r">
              <Button size="icon" aria-label="Refresh" onClick={model.refresh}>
                <RefreshCw aria-hidden />
              </Button>
            </Tooltip>
          </div>
          <SavedViewsMenu surface={surface.id} noun={surface.noun} />
          {hasColumns ? (
            <ColumnsChooser
              columns={surface.columns}
              state={model.columns}
              onState={model.setColumns}
              open={columnsOpen}
              onOpenChange={onColumnsOpen}
            />
          ) : null}
        </>
      )}
      <ExportMenu
        endpoint={surface.endpoint}
        name={surface.id.replaceAll("_", "-")}
        noun={surface.noun}
        query={model.rowQuery}
        count={url.brush ? model.data.brushedCount : model.data.count}
        open={exportOpen}
        onOpenChange={onExportOpen}
      />
    </TopBar>
  );
}
