"use client";

import type { ReactNode } from "react";
import { z } from "zod";
import { ConfirmDialog } from "../../../components/confirm-dialog.tsx";
import { sendJson } from "../../../components/request-json.ts";
import { showDone, showFailure } from "../../../components/toaster.tsx";

/** Asks before somebody's token or session is revoked. */
export function RevokeDialog({
  title,
  path,
  done,
  onClose,
  onDone,
  children,
}: {
  title: string;
  /** What is deleted; null while nothing is asked. */
  path: string | null;
  done: string;
  onClose: () => void;
  onDone: () => void;
  children: ReactNode;
}) {
  async function revoke() {
    if (path === null) return;
    try {
      await sendJson(path, z.unknown(), "DELETE");
      showDone(done, "");
      onDone();
    } catch (error) {
      showFailure("It was not revoked", error instanceof Error ? error.message : "");
    }
  }
  return (
    <ConfirmDialog
      open={path !== null}
      onOpenChange={(open) => !open && onClose()}
      title={title}
      verb="Revoke"
      keep="Keep"
      onConfirm={revoke}
    >
      {children}
    </ConfirmDialog>
  );
}
