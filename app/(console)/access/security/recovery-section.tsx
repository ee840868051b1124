"use client";

import { useState } from "react";
import { RecoveryCodes } from "../../../../lib/identity/second-factor/schema.ts";
import { Button } from "../../../components/button.tsx";
import { ConfirmDialog } from "../../../components/confirm-dialog.tsx";
import { sendJson } from "../../../components/request-json.ts";
import { showFailure } from "../../../components/toaster.tsx";
import { ENDPOINT, type SectionProps } from "./endpoint.ts";

/** Codes for the day a second factor is lost. */
export function RecoverySection({ own, onChanged }: SectionProps) {
  const [renewing, setRenewing] = useState(false);
  const { left, of } = own.recoveryCodes;
  const hasFactor = own.authenticator !== null || own.passkeys.length > 0;
  async function renew() {
    try {
      const { recoveryCodes } = await sendJson(`${ENDPOINT}/recovery-codes`, RecoveryCodes, "POST");
      onChanged(recoveryCodes);
    } catch (error) {
      showFailure("No new recovery codes were made", (error as Error).message);
    }
  }
  return (
    <section className="page-section" aria-labelledby="recovery-codes">
      <header>
        <h2 id="recovery-codes">Recovery codes</h2>
        <p>each stands in for a lost second factor, once</p>
        {hasFactor ? (
          <Button className="ml-auto" onClick={() => setRenewing(true)}>
            Make new codes
          </Button>
        ) : null}
      </header>
      <p className="border-t border-line px-4 py-3 text-nav text-fg-2">
        {of > 0 ? `${left} of ${of} are left.` : "You get them with your first second factor."}
      </p>
      <ConfirmDialog
        open={renewing}
        onOpenChange={setRenewing}
        title="Make new recovery codes?"
        verb="Make new codes"
        keep="Keep those there are"
        onConfirm={renew}
      >
        The {left} that are left do not count any more.
      </ConfirmDialog>
    </section>
  );
}
