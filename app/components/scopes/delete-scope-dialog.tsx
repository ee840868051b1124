"use client";

import { z } from "zod";
import { ConfirmDialog } from "../confirm-dialog.tsx";
import { sendJson } from "../request-json.ts";
import { showDone, showFailure } from "../toaster.tsx";

/** Asks before a project, a department or a node pool is deleted. */
export function DeleteScopeDialog({
  scope,
  noun,
  endpoint,
  onClose,
  onDone,
}: {
  scope: { id: string; name: string } | null;
  /** `project`. */
  noun: string;
  /** `/api/v1/projects`. */
  endpoint: string;
  onClose: () => void;
  onDone: () => void;
}) {
  async function remove() {
    if (!scope) return;
    try {
      await sendJson(`${endpoint}/${scope.id}`, z.unknown(), "DELETE");
      showDone(`${noun.charAt(0).toUpperCase()}${noun.slice(1)} deleted`, scope.name);
      onDone();
    } catch (error) {
      showFailure(`${scope.name} was not deleted`, error instanceof Error ? error.message : "");
    }
  }
  return (
    <ConfirmDialog
      open={scope !== null}
      onOpenChange={(open) => !open && onClose()}
      title={`Delete this ${noun}?`}
      verb="Delete"
      keep={`Keep ${noun}`}
      onConfirm={remove}
    >
      The {noun} <b className="font-medium text-fg">{scope?.name}</b> is deleted. Clusters and what runs on
      them stay as they are, and so does the record.
    </ConfirmDialog>
  );
}
