"use client";

import { useState } from "react";
import {
  AuthorizationAnswer,
  type AuthorizationRequest,
} from "../../../lib/identity/oauth/authorize/schema.ts";
import { Button } from "../../components/button.tsx";
import { sendJson } from "../../components/request-json.ts";
import { describeAbilities, describeLimits, LoginFacts, type LoginLimits } from "../login-facts.tsx";

/** Asks whether the program that waits on this machine may act as the person. */
export function ApproveLogin({
  request,
  scopes,
  person,
  sourceIp,
  limits,
}: {
  request: AuthorizationRequest;
  scopes: readonly string[] | null;
  person: string;
  sourceIp: string | null;
  limits: LoginLimits;
}) {
  const [sending, setSending] = useState(false);
  const [error, setError] = useState<string | null>(null);
  async function answer(given: "approve" | "refuse") {
    setSending(true);
    setError(null);
    try {
      const body = { request, answer: given };
      const { redirectTo } = await sendJson("/api/v1/oauth/authorize", AuthorizationAnswer, "POST", body);
      window.location.assign(redirectTo);
    } catch (failure) {
      setError(failure instanceof Error ? failure.message : "It was not answered.");
      setSending(false);
    }
  }
  return (
    <>
      <p className="text-nav text-fg-2">
        <b className="font-medium text-fg">kubewitness</b>, the command line, wants to act as{" "}
        <b className="font-medium text-fg">{person}</b>. Go on only if you began this yourself just now.
      </p>
      <LoginFacts
        facts={[
          ["Program", `kubewitness on ${request.device_name ?? "a device that does not say its name"}`],
          ["Waits at", `${new URL(request.redirect_uri).host}, on this machine`],
          ["Your address", sourceIp ?? "not known"],
          ["It will do", describeAbilities(scopes)],
          ["It counts for", describeLimits(limits)],
        ]}
      />
      {error ? (
        <p role="alert" className="text-nav text-fail">
          {error}
        </p>
      ) : null}
      <div className="flex flex-wrap gap-2">
        <Button look="primary" size="large" disabled={sending} onClick={() => void answer("approve")}>
          Sign in kubewitness
        </Button>
        <Button size="large" disabled={sending} onClick={() => void answer("refuse")}>
          Refuse
        </Button>
      </div>
    </>
  );
}
