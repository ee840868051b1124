"use client";

import { Bell, Check, PencilLine, Replace, Trash2, Users } from "lucide-react";
import { useState } from "react";
import type { SavedView } from "../../../../lib/audit/views/schema.ts";
import { Button } from "../../button.tsx";
import { Input } from "../../input.tsx";
import { isComposing } from "../../is-composing.ts";
import { RowMenu } from "../../list/row-menu.tsx";

/** One kept view: a press opens it; one's own is renamed, replaced by what the page shows, or deleted. */
export function SavedViewItem({
  view,
  isOpen,
  onOpen,
  onRename,
  onReplace,
  onAlert,
  onRemove,
}: {
  view: SavedView;
  /** The page shows just this. */
  isOpen: boolean;
  onOpen: () => void;
  onRename: (name: string) => Promise<unknown>;
  onReplace: () => void;
  /** Null for who may not. */
  onAlert: (() => void) | null;
  onRemove: () => void;
}) {
  const [renaming, setRenaming] = useState(false);
  const alert = onAlert === null ? [] : [{ label: "Alert me", icon: Bell, run: onAlert }];
  const own = [
    { label: "Rename", icon: PencilLine, run: () => setRenaming(true) },
    ...(isOpen ? [] : [{ label: "Replace with what is shown", icon: Replace, run: onReplace }]),
    { label: "Delete", icon: Trash2, danger: true, run: onRemove },
  ];
  const actions = [...alert, ...(view.own ? own : [])];
  if (renaming) return <RenameForm view={view} onRename={onRename} onDone={() => setRenaming(false)} />;
  return (
    <li className="flex items-center rounded-[4px] hover:bg-bg-hot">
      <button
        type="button"
        aria-current={isOpen || undefined}
        className="flex h-7 min-w-0 flex-1 items-center gap-2 px-2 text-left aria-[current]:font-medium max-tablet:h-11 [&_svg]:size-3.5 [&_svg]:text-fg-3"
        onClick={onOpen}
      >
        <span className="cut">{view.name}</span>
        {view.shared ? <Users role="img" aria-label="Shared" /> : null}
        {isOpen ? <Check role="img" aria-label="Shown now" className="text-accent!" /> : null}
        {view.own ? null : <span className="cut ml-auto text-meta text-fg-3">{view.ownerName}</span>}
      </button>
      {actions.length > 0 ? <RowMenu name={view.name} actions={actions} /> : null}
    </li>
  );
}

function RenameForm({
  view,
  onRename,
  onDone,
}: {
  view: SavedView;
  onRename: (name: string) => Promise<unknown>;
  onDone: () => void;
}) {
  const [name, setName] = useState(view.name);
  const [problem, setProblem] = useState<string | null>(null);
  return (
    <li>
      <form
        className="grid gap-1 p-1"
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() === "" || name.trim() === view.name) onDone();
          else onRename(name.trim()).then(onDone, (error: Error) => setProblem(error.message));
        }}
      >
        <div className="flex gap-1">
          <Input
            autoFocus
            aria-label={`New name of ${view.name}`}
            aria-invalid={problem ? true : undefined}
            maxLength={80}
            value={name}
            onChange={(event) => setName(event.target.value)}
            onKeyDown={(event) => {
              if (event.key !== "Escape" || isComposing(event.nativeEvent)) return;
              event.preventDefault();
              event.stopPropagation();
              onDone();
            }}
          />
          <Button type="submit">Rename</Button>
        </div>
        {problem ? (
          <p role="alert" className="px-1 text-fail wrap-anywhere">
            {problem}
          </p>
        ) : null}
      </form>
    </li>
  );
}
