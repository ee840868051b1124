"use client";

import type { ReactNode } from "react";
import { z } from "zod";
import { ConfirmDialog } from "./confirm-dialog.tsx";
import { sendJson } from "./request-json.ts";
import { showDone, showFailure } from "./toaster.tsx";

/** Asks before a token or a session is revoked. */
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
