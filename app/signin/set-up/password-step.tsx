"use client";

import { useState } from "react";
import type { OpenedSetUp } from "../../../lib/identity/local/schema.ts";
import { PendingAuthenticator } from "../../../lib/identity/second-factor/schema.ts";
import { InputField } from "../../components/input.tsx";
import { sendJson } from "../../components/request-json.ts";
import { StepForm } from "./step-form.tsx";

/** Who it is, at the first visit, and the password. */
export function PasswordStep({
  code,
  opened,
  onPending,
}: {
  code: string;
  opened: OpenedSetUp;
  onPending: (pending: PendingAuthenticator) => void;
}) {
  const [form, setForm] = useState({ email: "", name: "", password: "" });
  const set = (change: Partial<typeof form>) => setForm((now) => ({ ...now, ...change }));
  async function submit() {
    const who = opened.isFirstVisit ? { email: form.email.trim(), name: form.name } : {};
    const body = { code, ...who, password: form.password };
    onPending(await sendJson("/api/v1/sign-in/set-up/begin", PendingAuthenticator, "POST", body));
  }
  return (
    <StepForm
      label="Step 2 of 3"
      verb="Continue"
      fields={["email", "name", "password"]}
      words={{
        password: {
          refused: "Takes 12 characters or more, five of them different, and not your name or address alone.",
        },
      }}
      onSubmit={submit}
    >
      {(errors) => (
        <>
          {opened.isFirstVisit ? (
            <>
              <p className="text-nav text-fg-2">Nobody is an administrator here yet. You will be.</p>
              <InputField
                id="set-up-email"
                label="Email"
                type="email"
                autoComplete="username"
                value={form.email}
                onChange={(event) => set({ email: event.target.value })}
                error={errors.of("email")}
              />
              <InputField
                id="set-up-name"
                label="Name"
                autoComplete="name"
                value={form.name}
                onChange={(event) => set({ name: event.target.value })}
                error={errors.of("name")}
              />
            </>
          ) : (
            <p className="text-nav text-fg-2">
              For <b className="font-medium text-fg">{opened.name}</b>, {opened.email}.
              <input
                type="hidden"
                name="username"
                autoComplete="username"
                value={opened.email ?? ""}
                readOnly
              />
            </p>
          )}
          <InputField
            id="set-up-password"
            label="Password"
            type="password"
            autoComplete="new-password"
            hint="At least 12 characters. A few words are easier to keep than signs."
            value={form.password}
            onChange={(event) => set({ password: event.target.value })}
            error={errors.of("password")}
          />
        </>
      )}
    </StepForm>
  );
}
