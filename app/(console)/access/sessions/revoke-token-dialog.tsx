"use client";

import { z } from "zod";
import type { AccessTokenView } from "../../../../lib/identity/tokens/schema.ts";
import { ConfirmDialog } from "../../../components/confirm-dialog.tsx";
import { sendJson } from "../../../components/request-json.ts";
import { showDone, showFailure } from "../../../components/toaster.tsx";

/** Asks before one's own token is revoked. */
export function RevokeTokenDialog({
  token,
  onClose,
  onDone,
}: {
  token: AccessTokenView | null;
  onClose: () => void;
  onDone: () => void;
}) {
  async function revoke() {
    if (!token) return;
    try {
      await sendJson(`/api/v1/tokens/${token.id}`, z.unknown(), "DELETE");
      showDone("Token revoked", token.name);
      onDone();
    } catch (error) {
      showFailure("The token was not revoked", error instanceof Error ? error.message : "");
    }
  }
  return (
    <ConfirmDialog
      open={token !== null}
      onOpenChange={(open) => !open && onClose()}
      title="Revoke this token?"
      verb="Revoke"
      keep="Keep token"
      onConfirm={revoke}
    >
      “{token?.name}” stops to count at once, and so does every token that was made with it. Watches, shells
      and port-forwards that run with them end within seconds, and a kubeconfig with one has to be downloaded
      anew.
    </ConfirmDialog>
  );
}
