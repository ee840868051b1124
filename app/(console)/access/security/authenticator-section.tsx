"use client";

import { useState } from "react";
import { z } from "zod";
import { PendingAuthenticator, RecoveryCodes } from "../../../../lib/identity/second-factor/schema.ts";
import { Button } from "../../../components/button.tsx";
import { ConfirmDialog } from "../../../components/confirm-dialog.tsx";
import { FormDialog } from "../../../components/form/form-dialog.tsx";
import { InputField } from "../../../components/input.tsx";
import { sendJson } from "../../../components/request-json.ts";
import { AuthenticatorSecret } from "../../../components/second-factor/authenticator-secret.tsx";
import { When } from "../../../components/time/when.tsx";
import { showDone, showFailure } from "../../../components/toaster.tsx";
import { ENDPOINT, type SectionProps } from "./endpoint.ts";

const APP = `${ENDPOINT}/authenticator`;

/** The authenticator app. */
export function AuthenticatorSection({ own, onChanged }: SectionProps) {
  const [pending, setPending] = useState<PendingAuthenticator | null>(null);
  const [removing, setRemoving] = useState(false);
  const has = own.authenticator !== null;
  async function begin() {
    try {
      setPending(await sendJson(APP, PendingAuthenticator, "POST"));
    } catch (error) {
      showFailure("No authenticator app is being set up", (error as Error).message);
    }
  }
  async function remove() {
    try {
      await sendJson(APP, z.undefined(), "DELETE");
      onChanged();
      showDone("Authenticator app removed");
    } catch (error) {
      showFailure("The authenticator app was not removed", (error as Error).message);
    }
  }
  return (
    <section className="page-section" aria-labelledby="authenticator">
      <header>
        <h2 id="authenticator">Authenticator app</h2>
        <p>six digits that change every 30 seconds</p>
        <span className="ml-auto flex gap-2">
          {has ? <Button onClick={() => setRemoving(true)}>Remove app</Button> : null}
          <Button onClick={() => void begin()}>{has ? "Replace app" : "Set up app"}</Button>
        </span>
      </header>
      <p className="border-t border-line px-4 py-3 text-nav text-fg-2">
        {own.authenticator ? (
          <>
            Set up <When time={own.authenticator.createdAt} absent="" />, last used{" "}
            <When time={own.authenticator.lastUsedAt} absent="never" />.
          </>
        ) : (
          "You have none."
        )}
      </p>
      {pending ? (
        <ConfirmAppDialog
          pending={pending}
          onClose={() => setPending(null)}
          onConfirmed={(codes) => {
            onChanged(codes);
            showDone("Authenticator app set up");
          }}
        />
      ) : null}
      <ConfirmDialog
        open={removing}
        onOpenChange={setRemoving}
        title="Remove your authenticator app?"
        verb="Remove app"
        keep="Keep it"
        onConfirm={remove}
      >
        Its codes do not count any more.
      </ConfirmDialog>
    </section>
  );
}

function ConfirmAppDialog({
  pending,
  onClose,
  onConfirmed,
}: {
  pending: PendingAuthenticator;
  onClose: () => void;
  onConfirmed: (recoveryCodes: string[]) => void;
}) {
  const [code, setCode] = useState("");
  async function submit() {
    const { recoveryCodes } = await sendJson(`${APP}/confirm`, RecoveryCodes, "POST", { code });
    onConfirmed(recoveryCodes);
  }
  return (
    <FormDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Set up an authenticator app"
      verb="Confirm"
      fields={["code"]}
      words={{
        code: {
          empty: "Enter the six digits that the app shows.",
          refused: "The code is not right. The app shows another one every 30 seconds.",
        },
      }}
      draft={[code]}
      onSubmit={submit}
    >
      {(errors) => (
        <>
          <AuthenticatorSecret pending={pending} />
          <InputField
            id="authenticator-code"
            label="Code of the app"
            inputMode="numeric"
            autoComplete="one-time-code"
            hint="The six digits that it shows now."
            value={code}
            onChange={(event) => setCode(event.target.value)}
            error={errors.of("code")}
          />
        </>
      )}
    </FormDialog>
  );
}
