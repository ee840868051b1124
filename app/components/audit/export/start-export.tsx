"use client";

import { toast } from "sonner";
import { saveFile } from "../../save-file.ts";
import type { AuditQuery } from "../audit-query.ts";
import { ExportJob } from "./export-job.ts";
import { ExportToast } from "./export-toast.tsx";

export interface ExportRequest {
  endpoint: string;
  name: string;
  noun: { one: string; many: string };
  query: AuditQuery;
  format: "csv" | "json" | "ndjson";
  total: number | null;
}

/** Begins an export; its toast shows how far it is and stays until it is closed or has been saved. */
export function startExport(request: ExportRequest): void {
  const job = new ExportJob(request);
  toast.custom(
    (id) => (
      <ExportToast
        job={job}
        noun={request.noun}
        onResume={() => void runAndSave(job)}
        onClose={() => toast.dismiss(id)}
      />
    ),
    {
      duration: Number.POSITIVE_INFINITY,
    },
  );
  void runAndSave(job);
}

async function runAndSave(job: ExportJob): Promise<void> {
  await job.run();
  if (job.state === "done") saveFile(job.file(), job.fileName);
}
