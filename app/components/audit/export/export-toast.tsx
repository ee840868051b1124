"use client";

import { CircleCheck, CircleX, Download, X } from "lucide-react";
import { useEffect, useSyncExternalStore } from "react";
import { Button } from "../../button.tsx";
import { IconButton } from "../../icon-button.tsx";
import { saveFile } from "../../save-file.ts";
import { ToastCard } from "../../toaster.tsx";
import { formatBytes, formatNumber } from "../format-count.ts";
import type { ExportJob } from "./export-job.ts";
import { describeProgress, shareDone } from "./export-progress.ts";

/** How far an export is: cancel it, go on after a break, save it. */
export function ExportToast({
  job,
  noun,
  onResume,
  onClose,
}: {
  job: ExportJob;
  noun: { many: string };
  onResume: () => void;
  onClose: () => void;
}) {
  useSyncExternalStore(job.subscribe, job.version, job.version);
  const { state } = job;
  useEffect(() => {
    if (state !== "cancelled") return;
    onClose();
  }, [state, onClose]);

  if (state === "done") {
    return (
      <ToastCard
        icon={<CircleCheck aria-hidden className="text-ok" />}
        title="Export ready"
        detail={`${job.fileName}, ${formatNumber(job.progress.rows)} ${noun.many}, ${formatBytes(job.progress.bytes)}`}
        action={
          <>
            <Button size="small" onClick={() => saveFile(job.file(), job.fileName)}>
              Save
            </Button>
            <Dismiss onClose={onClose} />
          </>
        }
      />
    );
  }
  if (state === "failed") {
    return (
      <ToastCard
        role="alert"
        icon={<CircleX aria-hidden className="text-fail" />}
        title={`Export stopped at ${formatNumber(job.progress.rows)} ${noun.many}`}
        detail={job.failure}
        action={
          <>
            <Button size="small" onClick={onResume}>
              Resume
            </Button>
            <Dismiss onClose={onClose} />
          </>
        }
      />
    );
  }
  const share = shareDone(job.progress);
  return (
    <ToastCard
      icon={<Download aria-hidden />}
      title={`Exporting ${job.format.toUpperCase()}`}
      detail={describeProgress(job.progress, noun)}
      action={
        <Button look="ghost" size="small" onClick={() => job.cancel()}>
          Cancel
        </Button>
      }
    >
      <div
        className="relative col-span-3 mt-1 mr-1 h-[3px] overflow-hidden rounded-[2px] bg-bg-inset"
        role="progressbar"
        aria-label="Export"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={share === null ? undefined : Math.round(share * 100)}
      >
        {share === null ? (
          <div className="refetch-bar h-full!" />
        ) : (
          <i className="block h-full rounded-[2px] bg-accent" style={{ width: `${share * 100}%` }} />
        )}
      </div>
    </ToastCard>
  );
}

function Dismiss({ onClose }: { onClose: () => void }) {
  return (
    <IconButton label="Dismiss" size="icon-small" onClick={onClose}>
      <X aria-hidden />
    </IconButton>
  );
}
