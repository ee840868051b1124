"use client";

import { Ellipsis } from "lucide-react";
import { Button } from "../button.tsx";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuTrigger,
} from "../dropdown-menu.tsx";
import type { RowAction } from "./list-column.ts";

/** What can be done with a row. */
export function RowMenu({ name, actions }: { name: string; actions: readonly RowAction[] }) {
  if (actions.length === 0) return null;
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <Button
          look="ghost"
          size="icon-small"
          aria-label={`Actions for ${name}`}
          className="max-tablet:size-11"
        >
          <Ellipsis aria-hidden />
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent className="min-w-40">
        {actions.map(({ label, icon: Icon, danger, run }) => (
          <DropdownMenuItem
            key={label}
            onSelect={run}
            className={danger ? "text-fail [&_svg]:text-fail" : undefined}
          >
            <Icon aria-hidden /> {label}
          </DropdownMenuItem>
        ))}
      </DropdownMenuContent>
    </DropdownMenu>
  );
}
