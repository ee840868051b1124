"use client";

import { useState } from "react";
import type { ClusterWithHealth } from "../../../../lib/clusters/schema.ts";
import { type ClusterFinding, ClusterHealth } from "../../../../lib/clusters/schema.ts";
import { Absent, Fact, Facts, Section } from "../../../components/audit/detail/facts.tsx";
import { Button } from "../../../components/button.tsx";
import { sendJson } from "../../../components/request-json.ts";
import { Moment, When } from "../../../components/time/when.tsx";
import { showFailure } from "../../../components/toaster.tsx";
import { HealthState } from "./health-state.tsx";

/** What the last check of a cluster found, and what to do about it. */
export function ClusterHealthSection({
  cluster: { id, name, health },
  onChecked,
}: {
  cluster: ClusterWithHealth;
  onChecked: () => void;
}) {
  const [checking, setChecking] = useState(false);
  async function check() {
    setChecking(true);
    try {
      await sendJson(`/api/v1/clusters/${id}/health`, ClusterHealth, "POST");
      onChecked();
    } catch (error) {
      showFailure(`${name} was not checked`, error instanceof Error ? error.message : "");
    } finally {
      setChecking(false);
    }
  }
  return (
    <Section
      title="Health"
      right={
        <Button look="link" size="small" onClick={() => void check()} disabled={checking}>
          {checking ? "Checking…" : "Check now"}
        </Button>
      }
    >
      <Facts>
        <Fact name="State">
          <HealthState health={health} />
        </Fact>
        <Fact name="Checked">
          <When time={health?.checkedAt ?? null} absent="Not yet: it takes a few seconds" />
        </Fact>
        <Fact name="Version">{health?.version ?? <Absent>It does not say</Absent>}</Fact>
        <Fact name="A call takes">
          {health?.latencyMs == null ? <Absent>None was answered</Absent> : `${health.latencyMs} ms`}
        </Fact>
        <Fact name="Its certificate ends">
          <Moment time={health?.certificateExpiresAt ?? null} absent="Not seen" />
        </Fact>
        <Fact name="The credential ends">
          <Moment time={health?.credentialExpiresAt ?? null} absent="It does not say" />
        </Fact>
      </Facts>
      {health?.findings.length ? (
        <ul className="mt-3 grid gap-2" aria-label="Findings">
          {health.findings.map((finding) => (
            <Finding key={finding.problem} finding={finding} />
          ))}
        </ul>
      ) : null}
    </Section>
  );
}

function Finding({ finding: { severity, problem, next } }: { finding: ClusterFinding }) {
  return (
    <li className="rounded-2 border border-line px-3 py-2">
      <p className={severity === "failing" ? "text-fail" : "text-warn"}>
        {problem.slice(0, 1).toUpperCase() + problem.slice(1)}.
      </p>
      <p className="mt-0.5 text-fg-2 [overflow-wrap:anywhere]">{next}</p>
    </li>
  );
}
