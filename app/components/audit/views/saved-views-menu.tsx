"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Bookmark, Trash2, Users } from "lucide-react";
import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { useState } from "react";
import { z } from "zod";
import { SavedView, SavedViewList } from "../../../../lib/audit/views/schema.ts";
import { Button } from "../../button.tsx";
import { Checkbox } from "../../checkbox.tsx";
import { ConfirmDialog } from "../../confirm-dialog.tsx";
import { IconButton } from "../../icon-button.tsx";
import { Input } from "../../input.tsx";
import { Popover, PopoverContent, PopoverTrigger } from "../../popover.tsx";
import { requestJson, sendJson } from "../../request-json.ts";
import { useViewer } from "../../shell/viewer.tsx";
import { showDone, showFailure } from "../../toaster.tsx";

const ENDPOINT = "/api/v1/saved-views";

/** Views that were kept: one's own and those that others share. A view is the page's address. */
export function SavedViewsMenu({ surface }: { surface: "request_audit" | "event_history" }) {
  const [open, setOpen] = useState(false);
  const list = useQuery({
    queryKey: ["saved-views", surface],
    queryFn: ({ signal }) => requestJson(`${ENDPOINT}?surface=${surface}`, SavedViewList, { signal }),
    enabled: open,
  });
  const router = useRouter();
  const path = usePathname();
  const [removing, setRemoving] = useState<SavedView | null>(null);
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries({ queryKey: ["saved-views", surface] });

  return (
    <>
      <Popover open={open} onOpenChange={setOpen}>
        <PopoverTrigger asChild>
          <Button aria-label="Saved views">
            <Bookmark aria-hidden />
            <span className="wide-only max-[1360px]:hidden">Views</span>
          </Button>
        </PopoverTrigger>
        <PopoverContent className="w-[300px] p-1">
          <ViewList
            views={list.data?.views ?? []}
            failed={list.isError}
            onOpen={(view) => {
              router.push(`${path.replace(/\/\d+$/, "")}?${view.query}`);
              setOpen(false);
            }}
            onRemove={setRemoving}
          />
          <SaveForm surface={surface} onSaved={() => void refresh()} />
        </PopoverContent>
      </Popover>
      <ConfirmDialog
        open={removing !== null}
        onOpenChange={(next) => !next && setRemoving(null)}
        title="Delete this view?"
        verb="Delete"
        keep="Keep view"
        onConfirm={async () => {
          if (!removing) return;
          await sendJson(`${ENDPOINT}/${removing.id}`, z.unknown(), "DELETE").catch((error: Error) =>
            showFailure("The view was not deleted", error.message),
          );
          await refresh();
        }}
      >
        “{removing?.name}” disappears{removing?.shared ? " for everyone" : ""}. The{" "}
        {surface === "request_audit" ? "calls" : "events"} that it shows stay on the record.
      </ConfirmDialog>
    </>
  );
}

function ViewList({
  views,
  failed,
  onOpen,
  onRemove,
}: {
  views: readonly SavedView[];
  failed: boolean;
  onOpen: (view: SavedView) => void;
  onRemove: (view: SavedView) => void;
}) {
  if (failed) return <p className="px-2 py-2 text-fail">The saved views could not be loaded.</p>;
  if (views.length === 0) return <p className="px-2 py-2 text-fg-3">No view is saved yet.</p>;
  return (
    <ul className="max-h-64 overflow-auto">
      {views.map((view) => (
        <li key={view.id} className="group flex items-center rounded-[4px] hover:bg-bg-hot">
          <button
            type="button"
            className="flex h-7 min-w-0 flex-1 items-center gap-2 px-2 text-left max-tablet:h-11 [&_svg]:size-3.5 [&_svg]:text-fg-3"
            onClick={() => onOpen(view)}
          >
            <span className="cut">{view.name}</span>
            {view.shared ? <Users role="img" aria-label="Shared" /> : null}
            {view.own ? null : <span className="cut ml-auto text-meta text-fg-3">{view.ownerName}</span>}
          </button>
          {view.own ? (
            <IconButton label={`Delete ${view.name}`} size="icon-small" onClick={() => onRemove(view)}>
              <Trash2 aria-hidden className="size-3!" />
            </IconButton>
          ) : null}
        </li>
      ))}
    </ul>
  );
}

function SaveForm({ surface, onSaved }: { surface: string; onSaved: () => void }) {
  const [name, setName] = useState("");
  const [shared, setShared] = useState(false);
  const query = useSearchParams().toString();
  const mayShare = useViewer().permissions.includes("views:share");
  const save = useMutation({
    mutationFn: () => sendJson(ENDPOINT, SavedView, "POST", { surface, name: name.trim(), query, shared }),
    onSuccess: (view) => {
      setName("");
      onSaved();
      showDone("View saved", view.name);
    },
    onError: (error) => showFailure("The view was not saved", error.message),
  });
  return (
    <form
      className="-mx-1 mt-1 grid gap-2 border-t border-line px-3 pt-2.5 pb-1.5"
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim()) save.mutate();
      }}
    >
      <div className="flex gap-2">
        <Input
          aria-label="Name of the view"
          placeholder="Name this view"
          maxLength={80}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <Button type="submit" disabled={!name.trim() || save.isPending}>
          Save
        </Button>
      </div>
      {mayShare ? (
        // biome-ignore lint/a11y/noLabelWithoutControl: the checkbox inside is the control
        <label className="flex items-center gap-2 text-fg-2">
          <Checkbox checked={shared} onCheckedChange={(next) => setShared(next === true)} />
          Everyone who reads the audit sees it
        </label>
      ) : null}
    </form>
  );
}
