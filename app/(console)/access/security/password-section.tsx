"use client";

import { useState } from "react";
import { z } from "zod";
import { Button } from "../../../components/button.tsx";
import { FormDialog } from "../../../components/form/form-dialog.tsx";
import { InputField } from "../../../components/input.tsx";
import { sendJson } from "../../../components/request-json.ts";
import { When } from "../../../components/time/when.tsx";
import { showDone } from "../../../components/toaster.tsx";
import { ENDPOINT, type SectionProps } from "./endpoint.ts";

const EMPTY = { current: "", password: "" };

/** A local person's password. */
export function PasswordSection({ own, onChanged }: SectionProps) {
  const [open, setOpen] = useState(false);
  const [form, setForm] = useState(EMPTY);
  const set = (change: Partial<typeof EMPTY>) => setForm((now) => ({ ...now, ...change }));
  async function submit() {
    await sendJson(`${ENDPOINT}/password`, z.undefined(), "PUT", form);
    setForm(EMPTY);
    onChanged();
    showDone("Password changed", "Your other sessions have ended.");
  }
  return (
    <section className="page-section" aria-labelledby="password">
      <header>
        <h2 id="password">Password</h2>
        <p>of this installation, for {own.email}</p>
        <Button className="ml-auto" onClick={() => setOpen(true)}>
          Change password
        </Button>
      </header>
      <p className="border-t border-line px-4 py-3 text-nav text-fg-2">
        Changed <When time={own.passwordChangedAt} absent="never" />.
      </p>
      <FormDialog
        open={open}
        onOpenChange={(next) => {
          setOpen(next);
          if (!next) setForm(EMPTY);
        }}
        title="Change password"
        description="Your other sessions end with it."
        verb="Change password"
        fields={["current", "password"]}
        words={{
          current: { empty: "Enter your present password.", refused: "This is not your password." },
          password: {
            empty: "Enter a new password.",
            refused:
              "Takes 12 characters or more, five of them different, and not your name or address alone.",
          },
        }}
        draft={form}
        onSubmit={submit}
      >
        {(errors) => (
          <>
            <InputField
              id="current-password"
              label="Present password"
              type="password"
              autoComplete="current-password"
              value={form.current}
              onChange={(event) => set({ current: event.target.value })}
              error={errors.of("current")}
            />
            <InputField
              id="new-password"
              label="New password"
              type="password"
              autoComplete="new-password"
              hint="At least 12 characters."
              value={form.password}
              onChange={(event) => set({ password: event.target.value })}
              error={errors.of("password")}
            />
          </>
        )}
      </FormDialog>
    </section>
  );
}
