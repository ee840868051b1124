import { Button } from "../button.tsx";
import { MessagePanel } from "../message-panel.tsx";
import type { TimeRange } from "./range/time-range.ts";
import type { AuditPageModel } from "./use-audit-page.ts";

/** Stands in the place of the rows where the address cannot be read; one thing at a time. */
export function UnreadableAddress<Row extends { no: number }>({
  model: { url, surface, isRangeReadable },
}: {
  model: AuditPageModel<Row>;
}) {
  if (!isRangeReadable) {
    return <UnreadableRange range={url.range} onClear={() => void url.setRange(surface.defaultRange)} />;
  }
  return <UnreadableFilter text={url.filter} onClear={() => void url.setFilter("")} />;
}

/** The address has a range of time that cannot be read, or that ends before it starts. */
export function UnreadableRange({ range, onClear }: { range: TimeRange; onClear: () => void }) {
  return (
    <MessagePanel
      role="alert"
      title="The time range cannot be read"
      actions={<Button onClick={onClear}>Clear range</Button>}
    >
      The address goes from <span className="mono">{range.from}</span> to{" "}
      <span className="mono">{range.to}</span>. Times are written as 2026-11-20, 2026-11-20T16:30:00Z or
      now-2h, and the end comes after the start. Choose another range above, or clear it.
    </MessagePanel>
  );
}

function UnreadableFilter({ text, onClear }: { text: string; onClear: () => void }) {
  return (
    <MessagePanel
      role="alert"
      title="The filter cannot be read"
      actions={<Button onClick={onClear}>Clear filter</Button>}
    >
      The address has <span className="mono">{text}</span> as its filter. The line above shows what is wrong
      with it.
    </MessagePanel>
  );
}
