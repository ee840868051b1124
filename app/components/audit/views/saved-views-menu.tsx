"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Bell, Bookmark } from "lucide-react";
import Link from "next/link";
import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { useState } from "react";
import { z } from "zod";
import { SavedView, SavedViewList, type SavedViewSurface } from "../../../../lib/audit/views/schema.ts";
import { Button } from "../../button.tsx";
import { ConfirmDialog } from "../../confirm-dialog.tsx";
import { Popover, PopoverContent, PopoverTrigger } from "../../popover.tsx";
import { requestJson, sendJson } from "../../request-json.ts";
import { useViewer } from "../../shell/viewer.tsx";
import { showDone, showFailure } from "../../toaster.tsx";
import { alertHrefOf } from "./alert-href.ts";
import { SaveViewForm } from "./save-view-form.tsx";
import { SavedViewItem } from "./saved-view-item.tsx";
import { sameView } from "./view-query.ts";

const ENDPOINT = "/api/v1/saved-views";
const LINK =
  "mt-1 flex h-7 items-center gap-2 rounded-[4px] px-3 text-fg-2 hover:bg-bg-hot hover:text-fg max-tablet:h-11 [&_svg]:size-3.5 [&_svg]:text-fg-3";

/** Views that were kept: one's own and those that others share. A view is the page's address. */
export function SavedViewsMenu({ surface, noun }: { surface: SavedViewSurface; noun: { many: string } }) {
  const [open, setOpen] = useState(false);
  const [removing, setRemoving] = useState<SavedView | null>(null);
  const [replacing, setReplacing] = useState<SavedView | null>(null);
  const router = useRouter();
  const path = usePathname();
  const shown = useSearchParams().toString();
  const mayAlert = useViewer().permissions.includes("alerts:write");
  const { views, failed, change, remove, refresh } = useSavedViews(surface, open);
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
          {failed ? <p className="px-2 py-2 text-fail">The saved views could not be loaded.</p> : null}
          {!failed && views.length === 0 ? (
            <p className="px-2 py-2 text-fg-3">No view is saved yet.</p>
          ) : null}
          <ul className="max-h-64 overflow-auto">
            {views.map((view) => (
              <SavedViewItem
                key={view.id}
                view={view}
                isOpen={sameView(view.query, shown)}
                onOpen={() => {
                  router.push(`${path.replace(/\/\d+$/, "")}?${view.query}`);
                  setOpen(false);
                }}
                onRename={(name) => change.mutateAsync({ view, changes: { name } })}
                onAlert={mayAlert ? () => router.push(alertHrefOf(surface, view.query, view.name)) : null}
                onReplace={() => setReplacing(view)}
                onRemove={() => setRemoving(view)}
              />
            ))}
          </ul>
          <SaveViewForm surface={surface} query={shown} onSaved={refresh} />
          {mayAlert ? (
            <Link className={LINK} href={alertHrefOf(surface, shown)} onClick={() => setOpen(false)}>
              <Bell aria-hidden />
              Alert me of what this filter matches
            </Link>
          ) : null}
        </PopoverContent>
      </Popover>
      <ConfirmDialog
        open={replacing !== null}
        onOpenChange={(next) => !next && setReplacing(null)}
        title="Replace this view?"
        verb="Replace"
        keep="Keep view"
        onConfirm={async () => {
          if (!replacing) return;
          await change
            .mutateAsync({ view: replacing, changes: { query: shown } })
            .then(({ name }) => showDone("View replaced", name))
            .catch((error: Error) => showFailure("The view was not replaced", error.message));
        }}
      >
        “{replacing?.name}” shows from now on what this page shows{replacing?.shared ? ", for everyone" : ""}.
        Event History keeps what it was before.
      </ConfirmDialog>
      <ConfirmDialog
        open={removing !== null}
        onOpenChange={(next) => !next && setRemoving(null)}
        title="Delete this view?"
        verb="Delete"
        keep="Keep view"
        onConfirm={async () => {
          if (!removing) return;
          await remove
            .mutateAsync(removing)
            .catch((error: Error) => showFailure("The view was not deleted", error.message));
        }}
      >
        “{removing?.name}” disappears{removing?.shared ? " for everyone" : ""}. The {noun.many} that it shows
        stay on the record.
      </ConfirmDialog>
    </>
  );
}

/** The views of a surface, and what can be done to one's own. */
function useSavedViews(surface: SavedViewSurface, enabled: boolean) {
  const client = useQueryClient();
  const refresh = () => void client.invalidateQueries({ queryKey: ["saved-views", surface] });
  const list = useQuery({
    queryKey: ["saved-views", surface],
    queryFn: ({ signal }) => requestJson(`${ENDPOINT}?surface=${surface}`, SavedViewList, { signal }),
    enabled,
  });
  const change = useMutation({
    mutationFn: ({ view, changes }: { view: SavedView; changes: { name?: string; query?: string } }) =>
      sendJson(`${ENDPOINT}/${view.id}`, SavedView, "PATCH", changes),
    onSuccess: refresh,
  });
  const remove = useMutation({
    mutationFn: (view: SavedView) => sendJson(`${ENDPOINT}/${view.id}`, z.unknown(), "DELETE"),
    onSuccess: refresh,
  });
  return { views: list.data?.views ?? [], failed: list.isError, change, remove, refresh };
}
