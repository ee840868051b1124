"use client";

import Link from "next/link";
import type { ReactNode } from "react";
import { Button } from "../../../components/button.tsx";
import { CopyLines } from "../../../components/form/shown-once.tsx";
import { useViewer } from "../../../components/shell/viewer.tsx";

/** Nothing was ever recorded: how the first call comes to be. */
export function FirstRun() {
  const { permissions } = useViewer();
  return (
    <section className="max-w-[560px] px-5 py-6 max-tablet:px-4" aria-label="First steps">
      <h2 className="text-heading font-semibold tracking-[-0.01em]">No calls on the record yet</h2>
      <p className="mt-1 text-nav text-fg-2">
        Every call through the gateway is counted here, within a second of being made. Three steps to the
        first one:
      </p>
      <ol className="mt-5 grid gap-5">
        <Step number={1} title="Add a cluster and grant access to it">
          <p>The gateway denies every call until a grant allows it.</p>
          {permissions.includes("clusters:write") ? (
            <div className="mt-2 flex gap-2">
              <Button asChild>
                <Link href="/infrastructure/clusters">Clusters</Link>
              </Button>
              <Button asChild>
                <Link href="/access/grants">Grants</Link>
              </Button>
            </div>
          ) : null}
        </Step>
        <Step number={2} title="Download a kubeconfig">
          <p>It has a token of your own in it and leads to your clusters through the gateway.</p>
          <div className="mt-2">
            <Button look="primary" asChild>
              <Link href="/access/me">My access</Link>
            </Button>
          </div>
        </Step>
        <Step number={3} title="Run a command">
          <div className="mt-1.5">
            <CopyLines
              values={[{ label: "In a terminal", text: "kubectl --kubeconfig kubeconfig.yaml get pods" }]}
            />
          </div>
        </Step>
      </ol>
    </section>
  );
}

function Step({ number, title, children }: { number: number; title: string; children: ReactNode }) {
  return (
    <li className="grid grid-cols-[24px_1fr]">
      <span className="text-nav font-medium text-fg-3 tabular-nums" aria-hidden>
        {number}
      </span>
      <div className="text-nav text-fg-2">
        <h3 className="font-medium text-fg">{title}</h3>
        {children}
      </div>
    </li>
  );
}
