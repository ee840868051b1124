"use client";

import { useState } from "react";
import { type PendingAuthenticator, RecoveryCodes } from "../../../lib/identity/second-factor/schema.ts";
import { InputField } from "../../components/input.tsx";
import { sendJson } from "../../components/request-json.ts";
import { AuthenticatorSecret } from "../../components/second-factor/authenticator-secret.tsx";
import { StepForm } from "./step-form.tsx";

/** The authenticator app: its secret, and a first code of it, which makes everything count. */
export function AppStep({
  code,
  pending,
  onDone,
}: {
  code: string;
  pending: PendingAuthenticator;
  onDone: (recoveryCodes: string[]) => void;
}) {
  const [appCode, setAppCode] = useState("");
  async function submit() {
    const body = { code, appCode };
    const { recoveryCodes } = await sendJson("/api/v1/sign-in/set-up/finish", RecoveryCodes, "POST", body);
    onDone(recoveryCodes);
  }
  return (
    <StepForm
      label="Step 3 of 3"
      verb="Finish"
      fields={["appCode"]}
      words={{
        appCode: {
          refused: "The code is not right. The app shows another one every 30 seconds.",
          empty: "Enter the six digits.",
        },
      }}
      onSubmit={submit}
    >
      {(errors) => (
        <>
          <AuthenticatorSecret pending={pending} />
          <InputField
            id="set-up-app-code"
            label="Code of the app"
            inputMode="numeric"
            autoComplete="one-time-code"
            hint="The six digits that it shows now."
            value={appCode}
            onChange={(event) => setAppCode(event.target.value)}
            error={errors.of("appCode")}
          />
        </>
      )}
    </StepForm>
  );
}
