"use client";

import { useState } from "react";
import { z } from "zod";
import type { GrantView } from "../../../../lib/access/grants/schema.ts";
import { ConfirmDialog } from "../../../components/confirm-dialog.tsx";
import { InputField } from "../../../components/input.tsx";
import { placeOf } from "../../../components/list/grants-of.tsx";
import { sendJson } from "../../../components/request-json.ts";
import { showDone, showFailure } from "../../../components/toaster.tsx";

/** Asks before a grant is taken back. */
export function RevokeGrantDialog({
  grant,
  onClose,
  onDone,
}: {
  grant: GrantView | null;
  onClose: () => void;
  onDone: () => void;
}) {
  const [reason, setReason] = useState("");
  async function revoke() {
    if (!grant) return;
    try {
      const why = reason.trim() === "" ? "" : `?${new URLSearchParams({ reason })}`;
      await sendJson(`/api/v1/grants/${grant.id}${why}`, z.unknown(), "DELETE");
      showDone("Grant revoked", `${grant.role.name} from ${grant.subject.name}`);
      onDone();
    } catch (error) {
      showFailure("The grant was not revoked", error instanceof Error ? error.message : "");
    }
  }
  return (
    <ConfirmDialog
      open={grant !== null}
      onOpenChange={(open) => {
        if (open) return;
        setReason("");
        onClose();
      }}
      title="Revoke this grant?"
      verb="Revoke"
      keep="Keep grant"
      onConfirm={revoke}
    >
      {grant ? (
        <>
          {grant.subject.kind === "group" ? "Everyone in the group " : ""}
          <b className="font-medium text-fg">{grant.subject.name}</b> loses{" "}
          <b className="font-medium text-fg">{grant.role.name}</b> on {placeOf(grant)}. Running watches,
          shells and port-forwards that go by this grant end within seconds.
          <InputField
            id="revoke-reason"
            label="Reason"
            className="mt-3"
            autoComplete="off"
            maxLength={500}
            placeholder="Optional; kept with the grant and its event"
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        </>
      ) : null}
    </ConfirmDialog>
  );
}
