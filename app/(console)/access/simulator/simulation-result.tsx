"use client";

import { Ban, CircleCheck, CircleX, Minus } from "lucide-react";
import Link from "next/link";
import type { GrantTrace, Simulation } from "../../../../lib/access/simulator/schema.ts";
import { Absent, Fact, Facts } from "../../../components/audit/detail/facts.tsx";
import { classNames } from "../../../components/class-names.ts";
import { placeOf } from "../../../components/list/grants-of.tsx";
import { useViewer } from "../../../components/shell/viewer.tsx";
import { Moment } from "../../../components/time/when.tsx";
import { Subject } from "../grants/subject.tsx";
import type { AskedCall } from "./asked-call.ts";

/** Allowed or not, which grant says so, and why the others do not. */
export function SimulationResult({ simulation, asked }: { simulation: Simulation; asked: AskedCall }) {
  const { allowed, verdict, impersonate, until, grants, unexplained, notes } = simulation;
  const Icon = allowed ? CircleCheck : CircleX;
  return (
    <>
      <section aria-labelledby="verdict" className={classNames("verdict", !allowed && "is-failure")}>
        <h2 id="verdict" className="line">
          <Icon aria-hidden />
          {allowed ? "Allowed" : "Refused"}
          <span className="status">{simulation.subject.name}</span>
        </h2>
        <p className="message">{verdict}</p>
        {notes.map((note) => (
          <p key={note} className="why">
            {note}
          </p>
        ))}
      </section>
      {allowed ? (
        <section className="px-5 pb-4" aria-label="In the cluster">
          <Facts>
            <Fact name="As user">
              <span className="mono">{impersonate?.user}</span>
            </Fact>
            <Fact name="In groups">
              {impersonate?.groups.length ? (
                <span className="mono">{impersonate.groups.join(", ")}</span>
              ) : (
                <Absent>None but system:authenticated</Absent>
              )}
            </Fact>
            <Fact name="Stands until">
              <Moment time={until} absent="Somebody changes a grant, a role or a group" />
            </Fact>
          </Facts>
          <p className="pt-2 text-fg-3">
            The cluster decides as well, by its own roles: <code className="mono">{canILine(asked)}</code>{" "}
            asks both.
          </p>
        </section>
      ) : null}
      <section className="border-t border-line px-5 py-4" aria-labelledby="grants">
        <h3 id="grants" className="pb-2 text-meta font-medium text-fg-3">
          {grants.length === 0 ? "Grants" : `Grants of ${simulation.subject.name} and of their groups`}
        </h3>
        {grants.length === 0 ? <Absent>None</Absent> : null}
        <ul>
          {grants.map((trace) => (
            <GrantLine key={trace.grant.id} trace={trace} />
          ))}
        </ul>
        {unexplained > 0 ? (
          <p className="pt-2 text-fg-3">
            {unexplained} more grants were decided by, and are not explained here one by one.
          </p>
        ) : null}
      </section>
    </>
  );
}

const OUTCOMES: Record<GrantTrace["outcome"], { icon: typeof Ban; label: string; className: string }> = {
  decides: { icon: CircleCheck, label: "Allows it; the call is made by this grant", className: "text-ok" },
  allows: { icon: CircleCheck, label: "Would allow it", className: "text-fg-3" },
  denies: { icon: Ban, label: "Denies it", className: "text-fail" },
  silent: { icon: Minus, label: "Says nothing of it", className: "text-fg-3" },
};

function GrantLine({ trace: { grant, outcome, rule, why } }: { trace: GrantTrace }) {
  const { icon: Icon, label, className } = OUTCOMES[outcome];
  const mayRead = useViewer().permissions.includes("access:read");
  return (
    <li className="grid grid-cols-[16px_minmax(0,1fr)] gap-x-2 border-t border-line-soft py-2.5 first:border-t-0">
      <Icon aria-hidden className={classNames("mt-0.5 size-3.5!", className)} />
      <div className="min-w-0">
        <p className="flex flex-wrap items-center gap-x-2">
          {mayRead ? (
            <Link className="font-medium hover:underline" href={`/access/grants?open=${grant.id}`}>
              {grant.role.name}
            </Link>
          ) : (
            <b className="font-medium">{grant.role.name}</b>
          )}
          <span className="text-fg-3">to</span> <Subject subject={grant.subject} />
          <span className="text-fg-3">{placeOf(grant)}</span>
        </p>
        <p className={outcome === "denies" ? "text-fail" : "text-fg-2"}>
          {label}
          {rule ? (
            <>
              {" by "}
              {mayRead ? (
                <Link
                  className="text-accent underline underline-offset-2"
                  href={`/access/roles/${grant.role.id}?rule=${rule.number}`}
                >
                  rule {rule.number}
                </Link>
              ) : (
                `rule ${rule.number}`
              )}
              : <span className="mono">{rule.text}</span>
            </>
          ) : null}
        </p>
        {outcome === "denies"
          ? null
          : why.map((reason) => (
              <p key={reason} className="text-fg-3 wrap-anywhere">
                {reason}
              </p>
            ))}
      </div>
    </li>
  );
}

function canILine({ verb, resource, path, namespace }: AskedCall): string {
  const where = namespace ? ` -n ${namespace}` : "";
  return `kubectl auth can-i ${verb} ${resource || path}${where}`;
}
