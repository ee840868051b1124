"use client";

import { useEffect, useState } from "react";
import type { OpenedSetUp } from "../../../lib/identity/local/schema.ts";
import type { PendingAuthenticator } from "../../../lib/identity/second-factor/schema.ts";
import { Button } from "../../components/button.tsx";
import { RecoveryCodeList } from "../../components/second-factor/recovery-code-list.tsx";
import { AppStep } from "./app-step.tsx";
import { CodeStep } from "./code-step.tsx";
import { PasswordStep } from "./password-step.tsx";

type Step =
  | { name: "code" }
  | { name: "password"; opened: OpenedSetUp }
  | { name: "app"; pending: PendingAuthenticator }
  | { name: "done"; recoveryCodes: string[] };

/** One-time code, password, authenticator app, recovery codes: one after the other. Nothing counts until the app's code is right. */
export function SetUp({ publicUrl }: { publicUrl: string }) {
  const [code, setCode] = useState("");
  const [step, setStep] = useState<Step>({ name: "code" });
  useEffect(() => {
    if (window.location.origin !== publicUrl) {
      window.location.replace(publicUrl + window.location.pathname + window.location.hash);
      return;
    }
    // The code came in the fragment; it is not to stay in the history.
    setCode(decodeURIComponent(window.location.hash.slice(1)));
    window.history.replaceState(null, "", window.location.pathname);
  }, [publicUrl]);

  switch (step.name) {
    case "code":
      return (
        <CodeStep code={code} onCode={setCode} onOpened={(opened) => setStep({ name: "password", opened })} />
      );
    case "password":
      return (
        <PasswordStep
          code={code}
          opened={step.opened}
          onPending={(pending) => setStep({ name: "app", pending })}
        />
      );
    case "app":
      return (
        <AppStep
          code={code}
          pending={step.pending}
          onDone={(recoveryCodes) => setStep({ name: "done", recoveryCodes })}
        />
      );
    case "done":
      return (
        <section aria-labelledby="recovery" className="mt-4 grid gap-3">
          <h2 id="recovery" className="text-title font-semibold">
            Keep your recovery codes
          </h2>
          <RecoveryCodeList codes={step.recoveryCodes} />
          <Button look="primary" size="large" asChild>
            {/* A new session: the whole page is loaded with it. */}
            <a href="/">Go on to the console</a>
          </Button>
        </section>
      );
  }
}
