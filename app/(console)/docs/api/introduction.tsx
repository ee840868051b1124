"use client";

import Link from "next/link";
import { formatNumber } from "../../../components/audit/format-count.ts";
import { CopyLines } from "../../../components/form/shown-once.tsx";
import type { ApiReference } from "./model/read-document.ts";
import { Prose } from "./prose.tsx";
import { useOrigin } from "./use-origin.ts";

/** What the API is, and the first two calls. */
export function Introduction({ reference }: { reference: ApiReference }) {
  const origin = useOrigin();
  const body = `{"grantType":"client_credentials","clientId":"…","clientSecret":"…"}`;
  return (
    <article className="max-w-[760px] px-5 py-5 max-tablet:px-4">
      <h2 className="text-heading font-semibold tracking-[-0.01em]">{reference.title}</h2>
      <p className="mt-0.5 text-fg-3">{formatNumber(reference.operations.length)} operations</p>
      <div className="mt-3 grid gap-3 text-nav text-fg-2">
        {reference.description.split(/\n{2,}/).map((paragraph) => (
          <p key={paragraph}>
            <Prose text={paragraph} />
          </p>
        ))}
      </div>
      <h3 className="mt-6 mb-2 text-title font-semibold">Two calls to begin with</h3>
      <CopyLines
        values={[
          {
            label: "A token",
            text: `TOKEN=$(curl -s ${origin}/api/v1/token -H 'Content-Type: application/json' -d '${body}' | sed 's/.*"accessToken":"\\([^"]*\\)".*/\\1/')`,
          },
          {
            label: "The newest calls through the gateway",
            text: `curl -H "Authorization: Bearer $TOKEN" '${origin}/api/v1/request-audit?limit=5'`,
          },
        ]}
      />
      <p className="mt-4 text-nav text-fg-2">
        An application’s id and secret come from{" "}
        <Link className="text-accent underline underline-offset-2" href="/administration/applications">
          Applications
        </Link>
        ; a token of your own from{" "}
        <Link className="text-accent underline underline-offset-2" href="/access/me">
          My access
        </Link>
        . On these pages operations that read can be tried with your session.
      </p>
    </article>
  );
}
