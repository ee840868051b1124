"use client";

import { Download } from "lucide-react";
import type { RecordingEntry } from "../../../../../../lib/audit/recordings/schema.ts";
import { formatBytes } from "../../../../../components/audit/format-count.ts";
import { Button } from "../../../../../components/button.tsx";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuTrigger,
} from "../../../../../components/dropdown-menu.tsx";
import { ensureFactor } from "../../../../../components/second-factor/ensure-factor.ts";
import { showFailure } from "../../../../../components/toaster.tsx";

const FORMATS = [
  { format: "v3", label: "asciicast v3", hint: "as recorded" },
  { format: "v2", label: "asciicast v2", hint: "older players" },
  { format: "text", label: "Plain text", hint: "what was shown" },
] as const;

/** A link's download would save the refusal where a second factor is demanded first. */
async function download(href: string): Promise<void> {
  try {
    if (!(await ensureFactor("recordings"))) return;
    // Not by navigation: the page, and a download that has begun, go on.
    const link = Object.assign(document.createElement("a"), { href, download: "" });
    link.click();
  } catch (error) {
    showFailure("The recording was not downloaded", error instanceof Error ? error.message : "");
  }
}

/** The recording as a file. */
export function DownloadMenu({ entry, address }: { entry: RecordingEntry; address: string }) {
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <Button>
          <Download aria-hidden />
          Download
          <span className="wide-only font-normal text-fg-3 tabular-nums">
            {formatBytes(entry.storedBytes)}
          </span>
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent className="min-w-64">
        {FORMATS.map(({ format, label, hint }) => (
          <DropdownMenuItem
            key={format}
            onSelect={() => void download(`${address}/download?format=${format}`)}
          >
            {label}
            <span className="ml-auto pl-6 text-meta text-fg-3">{hint}</span>
          </DropdownMenuItem>
        ))}
        <DropdownMenuLabel>Each download is an event on the record.</DropdownMenuLabel>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}
