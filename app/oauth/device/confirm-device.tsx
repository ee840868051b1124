"use client";

import { useState } from "react";
import type { WaitingDevice } from "../../../lib/identity/oauth/device/schema.ts";
import { Button } from "../../components/button.tsx";
import { Checkbox } from "../../components/checkbox.tsx";
import { When } from "../../components/time/when.tsx";
import { describeAbilities, describeLimits, LoginFacts, type LoginLimits } from "../login-facts.tsx";

/** Asks whether the device that shows the code may act as the person: its code is confirmed apart, since a link may have brought it (RFC 8628, section 5.4). */
export function ConfirmDevice({
  code,
  device,
  person,
  limits,
  error,
  sending,
  onAnswer,
}: {
  code: string;
  device: WaitingDevice;
  person: string;
  limits: LoginLimits;
  error: string | undefined;
  sending: boolean;
  onAnswer: (answer: "approve" | "refuse") => void;
}) {
  const [confirmed, setConfirmed] = useState(false);
  return (
    <>
      <p className="text-nav text-fg-2">
        <b className="font-medium text-fg">kubewitness</b>, the command line, wants to act as{" "}
        <b className="font-medium text-fg">{person}</b>.
      </p>
      {device.sameAddress ? null : (
        <p role="alert" className="rounded-[6px] border border-line bg-fail-tint p-3 text-nav">
          It asks from {device.sourceIp ?? "an address that is not known"}, which is not where you are. That
          is so for a machine elsewhere that you use, and for somebody who wants to get in as you.
        </p>
      )}
      <LoginFacts
        facts={[
          ["Program", `kubewitness on ${device.name}`],
          ["Asks from", device.sourceIp ?? "an address that is not known"],
          ["Began", <When key="began" time={device.createdAt} absent="" />],
          ["It will do", describeAbilities(device.scopes)],
          ["It counts for", describeLimits(limits)],
        ]}
      />
      <label className="flex items-start gap-2 text-nav" htmlFor="code-confirmed">
        <Checkbox
          id="code-confirmed"
          checked={confirmed}
          onCheckedChange={(checked) => setConfirmed(checked === true)}
        />
        <span>
          I began this myself, and my terminal shows <b className="font-mono font-medium">{code}</b>
        </span>
      </label>
      {error ? (
        <p role="alert" className="text-nav text-fail">
          {error}
        </p>
      ) : null}
      <div className="flex flex-wrap gap-2">
        <Button
          look="primary"
          size="large"
          disabled={sending || !confirmed}
          onClick={() => onAnswer("approve")}
        >
          Sign in this device
        </Button>
        <Button size="large" disabled={sending} onClick={() => onAnswer("refuse")}>
          Refuse
        </Button>
      </div>
    </>
  );
}
