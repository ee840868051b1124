"use client";

import { Fingerprint } from "lucide-react";
import { type FormEvent, useRef, useState } from "react";
import { z } from "zod";
import { Button } from "../../components/button.tsx";
import { InputField } from "../../components/input.tsx";
import { sendJson } from "../../components/request-json.ts";
import { signWithPasskey } from "../../components/second-factor/passkey.ts";

const ENDPOINT = "/api/v1/sign-in";

/** How local people sign in: address, password and code at once, or a passkey. Folded away where there are other ways. */
export function LocalSignIn({
  target,
  isOnly,
  passkeys,
}: {
  target: string;
  isOnly: boolean;
  /** Whether there can be any at this address. */
  passkeys: boolean;
}) {
  const [isOpen, setIsOpen] = useState(isOnly);
  if (isOpen) return <LocalForm target={target} passkeys={passkeys} />;
  return (
    <Button look="link" className="justify-self-start" onClick={() => setIsOpen(true)}>
      Sign in with a password of this installation
    </Button>
  );
}

function LocalForm({ target, passkeys }: { target: string; passkeys: boolean }) {
  const form = useRef<HTMLFormElement>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  async function run(signIn: () => Promise<unknown>) {
    if (busy) return;
    setBusy(true);
    setProblem(null);
    try {
      await signIn();
      window.location.assign(target);
    } catch (error) {
      setProblem((error as Error).message);
      setBusy(false);
      form.current?.querySelector<HTMLInputElement>("#local-code")?.select();
    }
  }
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const fields = Object.fromEntries(new FormData(event.currentTarget));
    void run(() => sendJson(`${ENDPOINT}/password`, z.undefined(), "POST", fields));
  }
  const withPasskey = () =>
    run(async () => {
      const response = await signWithPasskey(`${ENDPOINT}/passkey/options`);
      await sendJson(`${ENDPOINT}/passkey`, z.undefined(), "POST", { response });
    });

  return (
    <form ref={form} noValidate className="grid gap-3" aria-label="Local people" onSubmit={submit}>
      {passkeys ? (
        <Button size="large" disabled={busy} onClick={() => void withPasskey()}>
          <Fingerprint aria-hidden />
          Sign in with a passkey
        </Button>
      ) : null}
      <InputField
        id="local-email"
        name="email"
        label="Email"
        type="email"
        autoComplete="username"
        spellCheck={false}
      />
      <InputField
        id="local-password"
        name="password"
        label="Password"
        type="password"
        autoComplete="current-password"
      />
      <InputField
        id="local-code"
        name="code"
        label="Code"
        autoComplete="one-time-code"
        autoCapitalize="none"
        spellCheck={false}
        hint="Of your authenticator app, or a recovery code."
      />
      {problem ? (
        <p role="alert" className="text-fail">
          {problem}
        </p>
      ) : null}
      <Button type="submit" look="primary" size="large" aria-disabled={busy}>
        Sign in
      </Button>
    </form>
  );
}
