"use client";

import { z } from "zod";
import type { ProviderView } from "../../../../lib/identity/provider-store/schema.ts";
import { ConfirmDialog } from "../../../components/confirm-dialog.tsx";
import { sendJson } from "../../../components/request-json.ts";
import { showDone, showFailure } from "../../../components/toaster.tsx";

/** Asks before a provider is removed: its people are nobody here then. */
export function RemoveProviderDialog({
  provider,
  onClose,
  onDone,
}: {
  provider: ProviderView | null;
  onClose: () => void;
  onDone: () => void;
}) {
  async function remove() {
    if (!provider) return;
    try {
      await sendJson(`/api/v1/providers/${provider.id}`, z.undefined(), "DELETE");
      showDone("Provider removed", provider.name);
      onDone();
    } catch (error) {
      showFailure(`${provider.name} was not removed`, error instanceof Error ? error.message : "");
    }
  }
  return (
    <ConfirmDialog
      open={provider !== null}
      onOpenChange={(open) => !open && onClose()}
      title={`Remove ${provider?.name ?? "this provider"}?`}
      verb="Remove"
      keep="Keep it"
      typeToConfirm={provider?.id}
      onConfirm={remove}
    >
      Nobody signs in with it any more. Its people ({provider?.people ?? 0}) have no access, and grants to its
      groups do not count. What they did stays on the record. Who replaces it is said by{" "}
      <span className="mono">Replaces</span> of another provider, with {provider?.issuer}.
    </ConfirmDialog>
  );
}
