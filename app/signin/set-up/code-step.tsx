"use client";

import { OpenedSetUp } from "../../../lib/identity/local/schema.ts";
import { InputField } from "../../components/input.tsx";
import { sendJson } from "../../components/request-json.ts";
import { StepForm } from "./step-form.tsx";

/** The one-time code: from the log, the terminal or an administrator. */
export function CodeStep({
  code,
  onCode,
  onOpened,
}: {
  code: string;
  onCode: (code: string) => void;
  onOpened: (opened: OpenedSetUp) => void;
}) {
  return (
    <StepForm
      label="Step 1 of 3"
      verb="Continue"
      fields={["code"]}
      words={{
        code: {
          empty: "Enter the one-time code.",
          refused: "This code is not right, was used, or has expired. An administrator can make another.",
        },
      }}
      onSubmit={async () => onOpened(await sendJson("/api/v1/sign-in/set-up", OpenedSetUp, "POST", { code }))}
    >
      {(errors) => (
        <InputField
          id="set-up-code"
          label="One-time code"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          className="mono"
          hint="From the log or the terminal of this installation, or from an administrator. It counts once."
          value={code}
          onChange={(event) => onCode(event.target.value)}
          error={errors.of("code")}
        />
      )}
    </StepForm>
  );
}
