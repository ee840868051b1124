"use client";

import { ProviderView } from "../../../../lib/identity/provider-store/schema.ts";
import { ConfirmDialog } from "../../../components/confirm-dialog.tsx";
import { sendJson } from "../../../components/request-json.ts";
import { showDone, showFailure } from "../../../components/toaster.tsx";

/** Asks before a provider is disabled, or enabled again. */
export function EnableProviderDialog({
  provider,
  onClose,
  onDone,
}: {
  provider: ProviderView | null;
  onClose: () => void;
  onDone: () => void;
}) {
  const disabling = provider?.enabled ?? true;
  const verb = disabling ? "Disable" : "Enable";
  async function change() {
    if (!provider) return;
    try {
      await sendJson(`/api/v1/providers/${provider.id}`, ProviderView, "PATCH", {
        enabled: !provider.enabled,
      });
      showDone(`Provider ${verb.toLowerCase()}d`, provider.name);
      onDone();
    } catch (error) {
      showFailure(
        `${provider.name} was not ${verb.toLowerCase()}d`,
        error instanceof Error ? error.message : "",
      );
    }
  }
  return (
    <ConfirmDialog
      open={provider !== null}
      onOpenChange={(open) => !open && onClose()}
      title={`${verb} ${provider?.name ?? "this provider"}?`}
      verb={verb}
      harmless={!disabling}
      keep={disabling ? "Keep enabled" : "Cancel"}
      onConfirm={change}
    >
      {disabling
        ? `Nobody signs in with it any more. Sessions of its ${countOf(provider)} end now, and their tokens do not count until it is enabled again.`
        : "People can sign in with it, and who was known by it counts again."}
    </ConfirmDialog>
  );
}

const countOf = (provider: ProviderView | null) =>
  provider?.people === 1 ? "one person" : `${provider?.people ?? 0} people`;
