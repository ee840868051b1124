"use client";

import { useMutation } from "@tanstack/react-query";
import { CircleCheck, CircleX } from "lucide-react";
import { ProviderTest, type ProviderView } from "../../../../lib/identity/provider-store/schema.ts";
import { Section } from "../../../components/audit/detail/facts.tsx";
import { Button } from "../../../components/button.tsx";
import { sendJson } from "../../../components/request-json.ts";

/** Asks the provider what each sign-in asks it, and says what is wrong. */
export function TestProvider({ provider }: { provider: ProviderView }) {
  const asking = useMutation({
    mutationFn: () => sendJson(`/api/v1/providers/${provider.id}/test`, ProviderTest, "POST"),
  });
  return (
    <Section
      title="Test"
      right={
        <Button size="small" disabled={asking.isPending} onClick={() => asking.mutate()}>
          {asking.isPending ? "Asking…" : "Test"}
        </Button>
      }
    >
      <div aria-live="polite">
        {asking.isError ? (
          <p role="alert" className="text-fail">
            {asking.error.message}
          </p>
        ) : null}
        {asking.data ? (
          <ul className="grid gap-1.5">
            {asking.data.checks.map(({ name, ok, detail }) => (
              <li key={name} className="grid grid-cols-[16px_1fr] gap-2 [&_svg]:mt-0.5 [&_svg]:size-3.5">
                {ok ? (
                  <CircleCheck aria-label="Works" className="text-ok" />
                ) : (
                  <CircleX aria-label="Fails" className="text-fail" />
                )}
                <span className="wrap-anywhere">
                  <b className="font-medium">{name}.</b> {detail}
                </span>
              </li>
            ))}
          </ul>
        ) : (
          <p className="muted">Asks the provider what each sign-in asks it. Nobody is signed in.</p>
        )}
      </div>
    </Section>
  );
}
