"use client";

import { ChevronDown, Download } from "lucide-react";
import type { AuditCount } from "../../../../lib/audit/query/schema.ts";
import { Button } from "../../button.tsx";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from "../../dropdown-menu.tsx";
import { showDone } from "../../toaster.tsx";
import { type AuditQuery, queryString } from "../audit-query.ts";
import { formatCount } from "../format-count.ts";
import { startExport } from "./start-export.tsx";

const FORMATS = [
  { format: "csv", label: "CSV", hint: "formula-safe" },
  { format: "json", label: "JSON", hint: "one array" },
  { format: "ndjson", label: "NDJSON", hint: "one row a line" },
] as const;

/** Downloads exactly what the page shows, or hands out the request that a program would make. */
export function ExportMenu({
  endpoint,
  name,
  noun,
  query,
  count,
  open,
  onOpenChange,
}: {
  endpoint: string;
  /** Start of the file's name. */
  name: string;
  noun: { one: string; many: string };
  /** Null where the address cannot be read: there is nothing to export. */
  query: AuditQuery | null;
  count: AuditCount | null;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  async function copyRequest(query: AuditQuery) {
    const url = `${window.location.origin}${endpoint}?${queryString(query)}`;
    await navigator.clipboard.writeText(
      `curl -H "Authorization: Bearer $TOKEN" '${url.replaceAll("'", "%27")}'`,
    );
    showDone("API request copied", "Set TOKEN to an application’s bearer token.");
  }

  return (
    <DropdownMenu open={open && query !== null} onOpenChange={onOpenChange}>
      <DropdownMenuTrigger asChild>
        <Button
          aria-label="Export"
          disabled={query === null}
          className="max-tablet:size-11 max-tablet:border-transparent max-tablet:px-0 max-tablet:[&_svg]:size-5"
        >
          <Download aria-hidden />
          <span className="wide-only">Export</span>
          <ChevronDown aria-hidden className="wide-only -mr-0.5 size-3! max-tablet:hidden" />
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent className="w-[280px]">
        <DropdownMenuLabel>
          {count ? `${formatCount(count)} ${count.count === 1 ? noun.one : noun.many}` : "Everything"} in the
          current filter
        </DropdownMenuLabel>
        {FORMATS.map(({ format, label, hint }) => (
          <DropdownMenuItem
            key={format}
            hint={hint}
            onSelect={() =>
              query &&
              startExport({ endpoint, name, noun, query, format, total: count?.exact ? count.count : null })
            }
          >
            {label}
          </DropdownMenuItem>
        ))}
        <DropdownMenuSeparator />
        <DropdownMenuItem hint="curl" onSelect={() => query && void copyRequest(query)}>
          Copy API request
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}
