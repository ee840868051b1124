"use client";

import { useState } from "react";
import { DRY_RUN_DAYS } from "../../../../../../lib/access/dry-run/schema.ts";
import type { RoleDocument } from "../../../../../../lib/access/roles/document/schema.ts";
import type { RoleDetail } from "../../../../../../lib/access/roles/schema.ts";
import { formatNumber } from "../../../../../components/audit/format-count.ts";
import { Button } from "../../../../../components/button.tsx";
import { Select } from "../../../../../components/select.tsx";
import { DryRunReport } from "./dry-run-report.tsx";
import { useDryRun } from "./use-dry-run.ts";

const DAYS = [1, 7, DRY_RUN_DAYS].map((days) => ({
  value: String(days),
  label: days === 1 ? "Last day" : `Last ${days} days`,
}));

/** Which recorded calls the change would have refused or allowed. */
export function DryRunPanel({
  role,
  document,
  onClose,
}: {
  role: RoleDetail;
  document: RoleDocument;
  onClose: () => void;
}) {
  const [days, setDays] = useState(DRY_RUN_DAYS);
  // What is edited meanwhile is asked of the next run.
  const [asked, setAsked] = useState(document);
  const state = useDryRun(role.id, asked, days);
  const isOutdated = JSON.stringify(asked) !== JSON.stringify(document);
  return (
    <section
      aria-labelledby="dry-run"
      className="border-b border-line bg-bg-subtle px-5 py-4 max-tablet:px-4"
    >
      <header className="flex flex-wrap items-center gap-3 pb-3">
        <h2 id="dry-run" className="text-title font-semibold">
          Dry run
        </h2>
        <Select
          label="Of which calls"
          value={String(days)}
          onValueChange={(value) => setDays(Number(value))}
          options={DAYS}
        />
        {isOutdated ? (
          <Button onClick={() => setAsked(document)}>Run again with what was changed</Button>
        ) : null}
        <span className="ml-auto">
          <Button onClick={onClose}>{state.kind === "running" ? "Cancel" : "Close"}</Button>
        </span>
      </header>
      {state.kind === "running" ? <Progress checked={state.checked} share={state.share} /> : null}
      {state.kind === "failed" ? (
        <p role="alert" className="text-fail">
          {state.message}
        </p>
      ) : null}
      {state.kind === "done" ? <DryRunReport result={state.result} /> : null}
    </section>
  );
}

function Progress({ checked, share }: { checked: number; share: number }) {
  return (
    <div className="grid max-w-[420px] gap-1">
      <progress className="w-full" aria-label="Dry run" value={share} max={1} />
      <p className="text-fg-3 tabular-nums">{formatNumber(checked)} calls looked at</p>
    </div>
  );
}
