"use client";

import { useQuery } from "@tanstack/react-query";
import { Fingerprint } from "lucide-react";
import Link from "next/link";
import { useEffect, useState } from "react";
import { FactorShown, SecurityView } from "../../../lib/identity/second-factor/schema.ts";
import { Button } from "../button.tsx";
import { FormDialog } from "../form/form-dialog.tsx";
import { InputField } from "../input.tsx";
import { requestJson, sendJson } from "../request-json.ts";
import { answerFactorQuestions } from "./ask-factor.ts";
import { signWithPasskey } from "./passkey.ts";

const ENDPOINT = "/api/v1/me/second-factor";

/** Opens where the API demands a second factor; what demanded it is sent again once one was shown. */
export function SecondFactorDialog() {
  const [answer, setAnswer] = useState<((shown: boolean) => void) | null>(null);
  const [code, setCode] = useState("");
  useEffect(() => answerFactorQuestions(() => new Promise((resolve) => setAnswer(() => resolve))), []);
  const isOpen = answer !== null;
  const { data: own, error } = useQuery({
    queryKey: ["second-factor", "own"],
    queryFn: ({ signal }) => requestJson("/api/v1/me/security", SecurityView, { signal }),
    enabled: isOpen,
    staleTime: 0,
  });
  const [passkeyProblem, setPasskeyProblem] = useState<string | null>(null);

  function close(shown: boolean) {
    answer?.(shown);
    setAnswer(null);
    setCode("");
    setPasskeyProblem(null);
  }
  async function submit() {
    await sendJson(ENDPOINT, FactorShown, "POST", { code });
    close(true);
  }
  async function showPasskey() {
    setPasskeyProblem(null);
    try {
      const passkey = await signWithPasskey(`${ENDPOINT}/options`);
      await sendJson(ENDPOINT, FactorShown, "POST", { passkey });
      close(true);
    } catch (problem) {
      setPasskeyProblem((problem as Error).message);
    }
  }

  const hasPasskeys = own !== undefined && own.passkeys.length > 0 && own.whyNoPasskeys === null;
  const hasNone = own !== undefined && own.authenticator === null && own.passkeys.length === 0;
  if (hasNone) return <NoFactor open={isOpen} onClose={() => close(false)} />;
  return (
    <FormDialog
      open={isOpen}
      onOpenChange={(open) => !open && close(false)}
      title="Show your second factor"
      description="This installation asks for it before what you are about to do. It counts for a while, in this session alone."
      verb="Continue"
      fields={["code"]}
      words={{
        code: {
          empty: "Enter the six digits that your app shows.",
          refused: "The code is not right, or was used already.",
        },
      }}
      draft={[code]}
      onSubmit={submit}
      className="w-[400px]"
    >
      {(errors) => (
        <>
          <InputField
            id="second-factor-code"
            label="Code"
            inputMode="text"
            autoComplete="one-time-code"
            autoCapitalize="none"
            spellCheck={false}
            autoFocus
            hint="Of your authenticator app, or a recovery code."
            value={code}
            onChange={(event) => setCode(event.target.value)}
            error={errors.of("code")}
          />
          {hasPasskeys ? (
            <Button onClick={() => void showPasskey()}>
              <Fingerprint aria-hidden />
              Use a passkey
            </Button>
          ) : null}
          {passkeyProblem || error ? (
            <p role="alert" className="text-fail">
              {passkeyProblem ?? "What you have for it could not be read. A code is taken all the same."}
            </p>
          ) : null}
        </>
      )}
    </FormDialog>
  );
}

function NoFactor({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <FormDialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title="Set up a second factor first"
      description="This installation asks for one before what you are about to do, and you have none yet."
      verb="Close"
      fields={[]}
      draft={[]}
      onSubmit={async () => onClose()}
      className="w-[400px]"
    >
      {() => (
        <p className="text-nav">
          <Link href="/access/security" className="font-medium text-accent" onClick={onClose}>
            My security
          </Link>{" "}
          has the authenticator app and passkeys. Then do this again.
        </p>
      )}
    </FormDialog>
  );
}
