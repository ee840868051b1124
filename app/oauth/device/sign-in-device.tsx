"use client";

import { type FormEvent, useState } from "react";
import { z } from "zod";
import { WaitingDevice } from "../../../lib/identity/oauth/device/schema.ts";
import { Button } from "../../components/button.tsx";
import { InputField } from "../../components/input.tsx";
import { MessagePanel } from "../../components/message-panel.tsx";
import { sendJson } from "../../components/request-json.ts";
import type { LoginLimits } from "../login-facts.tsx";
import { ConfirmDevice } from "./confirm-device.tsx";

type Step =
  | { name: "code" }
  | { name: "confirm"; device: WaitingDevice }
  | { name: "done"; approved: boolean };

const messageOf = (failure: unknown) => (failure instanceof Error ? failure.message : "It did not work.");

/** The code, what asks with it, the answer. A link brings the code at the most, never the answer. */
export function SignInDevice({
  code: given,
  person,
  limits,
}: {
  code: string;
  person: string;
  limits: LoginLimits;
}) {
  const [code, setCode] = useState(given);
  const [step, setStep] = useState<Step>({ name: "code" });
  const [error, setError] = useState<string | undefined>();
  const [sending, setSending] = useState(false);
  async function attempt(run: () => Promise<Step>) {
    setSending(true);
    setError(undefined);
    await run().then(setStep, (failure) => setError(messageOf(failure)));
    setSending(false);
  }
  const find = (event: FormEvent) => {
    event.preventDefault();
    const body = { userCode: code };
    void attempt(async () => ({
      name: "confirm",
      device: await sendJson("/api/v1/oauth/device/find", WaitingDevice, "POST", body),
    }));
  };
  const answer = (given: "approve" | "refuse") =>
    attempt(async () => {
      await sendJson("/api/v1/oauth/device/answer", z.unknown(), "POST", { userCode: code, answer: given });
      return { name: "done", approved: given === "approve" };
    });
  if (step.name === "done") {
    return (
      <MessagePanel role="status" title={step.approved ? "The device is signed in" : "It was refused"}>
        {step.approved
          ? "It goes on by itself within seconds. You can close this page, and end the login at any time: Access › My sessions and tokens."
          : "Nothing was signed in. If you did not begin this, somebody else has: tell your administrators."}
      </MessagePanel>
    );
  }
  if (step.name === "confirm") {
    return (
      <ConfirmDevice
        code={code.trim().toUpperCase()}
        device={step.device}
        person={person}
        limits={limits}
        error={error}
        sending={sending}
        onAnswer={(given) => void answer(given)}
      />
    );
  }
  return (
    <form onSubmit={find} className="grid gap-3">
      <p className="text-nav text-fg-2">
        Type the code that <code>kubewitness login --device</code> shows. Nobody else has a reason to send you
        one.
      </p>
      <InputField
        id="user-code"
        label="Code"
        autoComplete="off"
        autoCapitalize="characters"
        spellCheck={false}
        maxLength={32}
        hint="Eight letters, such as WDJB-MJHT."
        value={code}
        onChange={(event) => setCode(event.target.value)}
        error={error}
      />
      <div>
        <Button type="submit" look="primary" size="large" disabled={sending || code.trim() === ""}>
          Look who asks
        </Button>
      </div>
    </form>
  );
}
