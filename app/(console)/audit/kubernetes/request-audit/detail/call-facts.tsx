import Link from "next/link";
import { REQUEST_AUDIT } from "../../../../../../lib/audit/columns/request-audit/schema.ts";
import type { RequestAuditDetail } from "../../../../../../lib/audit/request-audit/schema.ts";
import { ABSENT } from "../../../../../components/audit/absence.ts";
import { ColumnFacts } from "../../../../../components/audit/detail/column-facts.tsx";
import { Absent, Fact, Facts, Section } from "../../../../../components/audit/detail/facts.tsx";
import { formatBytes, formatDuration } from "../../../../../components/audit/format-count.ts";
import { useViewer } from "../../../../../components/shell/viewer.tsx";
import { recordingHref } from "../../recordings/recording-href.ts";

/** Who called. */
export function CallerFacts({ call }: { call: RequestAuditDetail }) {
  const { impersonatedGroups } = call;
  return (
    <Section title="Who">
      <Facts>
        <Fact name="Name">
          <PersonName call={call} />
        </Fact>
        <Fact name="Client IP">
          {call.clientIp ? <Mono>{call.clientIp}</Mono> : <Absent>Not known</Absent>}
        </Fact>
        <Fact name="Client Name">
          {call.clientName ? <Mono>{call.clientName}</Mono> : <Absent>{ABSENT.client}</Absent>}
        </Fact>
        <ColumnFacts table={REQUEST_AUDIT} section="Who" row={call} />
        {call.impersonatedUser || impersonatedGroups.length > 0 ? (
          <>
            <Fact name="Impersonated User">
              {call.impersonatedUser ?? <Absent>None asked for (--as)</Absent>}
            </Fact>
            <Fact name="Impersonated Groups">
              {impersonatedGroups.join(", ") || <Absent>None asked for (--as-group)</Absent>}
            </Fact>
          </>
        ) : (
          <Fact name="Impersonation">
            <Absent>None asked for (--as, --as-group)</Absent>
          </Fact>
        )}
      </Facts>
    </Section>
  );
}

/** Where the call went, and with which rights. */
export function TargetFacts({ call }: { call: RequestAuditDetail }) {
  const noGroups = call.role ? ABSENT.groups : `${ABSENT.groups}, the call stopped at the gateway`;
  return (
    <Section title="Where">
      <Facts>
        <Fact name="Cluster Endpoint">
          {call.clusterEndpoint ? <Mono>{call.clusterEndpoint}</Mono> : <Absent>None</Absent>}
        </Fact>
        {call.tunnelAgent ? (
          <Fact name="Tunnel Agent">
            <AgentLink name={call.tunnelAgent} />
            {call.tunnelTag ? <span className="tag ml-2">{call.tunnelTag}</span> : null}
          </Fact>
        ) : null}
        <Fact name="Role">{call.role ?? <Absent>{ABSENT.role}</Absent>}</Fact>
        {call.grantId ? (
          <Fact name="Granted By">
            <GrantLink id={call.grantId} origin={call.grantOrigin} />
          </Fact>
        ) : null}
        {call.apiGroup ? (
          <Fact name="API Group">
            <Mono>{call.apiGroup}</Mono>
          </Fact>
        ) : null}
        <Fact name="Kubernetes Groups">
          {call.kubernetesGroups.join(", ") || <Absent>{noGroups}</Absent>}
        </Fact>
        <Fact name="Duration">
          <Duration call={call} />
        </Fact>
        <ColumnFacts table={REQUEST_AUDIT} section="Where" row={call} />
        {call.recordingId && call.recording ? (
          <Fact name="Pod Session Recording">
            <RecordingLink id={call.recordingId} isRunning={call.recording === "running"} />
          </Fact>
        ) : null}
      </Facts>
    </Section>
  );
}

function Mono({ children }: { children: string }) {
  return <span className="identifier">{children}</span>;
}

function PersonName({ call }: { call: RequestAuditDetail }) {
  if (!call.name && !call.email) return <Absent>{ABSENT.person}</Absent>;
  return (
    <>
      {call.name}
      <span className="person-mail">{call.email || "application"}</span>
    </>
  );
}

function Duration({ call }: { call: RequestAuditDetail }) {
  const bytes = [
    call.bytesIn === null ? null : `${formatBytes(call.bytesIn)} in`,
    call.bytesOut === null ? null : `${formatBytes(call.bytesOut)} out`,
  ].filter((text) => text !== null);
  return (
    <span className="tabular-nums">
      {call.durationMs === null ? <Absent>{ABSENT.duration}</Absent> : formatDuration(call.durationMs)}
      {bytes.length > 0 ? <span className="muted ml-2">{bytes.join(", ")}</span> : null}
    </span>
  );
}

const ORIGINS: Record<string, string> = { request: "A request for access", break_glass: "Break-glass" };

/** Leads to the request that became the grant, or to the grant. */
function GrantLink({ id, origin }: { id: string; origin: string | null }) {
  const words = ORIGINS[origin ?? ""];
  const href = words ? `/access/requests?open=${id}` : `/access/grants?open=${id}`;
  return (
    <Link
      className={origin === "break_glass" ? "font-medium text-fail" : "font-medium text-accent"}
      href={href}
    >
      {words ?? "A grant"}
    </Link>
  );
}

/** Leads to the agents of that name, which may be of another cluster by now. */
function AgentLink({ name }: { name: string }) {
  if (!useViewer().permissions.includes("agents:read")) return name;
  return (
    <Link
      className="font-medium text-accent"
      href={`/infrastructure/agents?${new URLSearchParams({ search: name })}`}
    >
      {name}
    </Link>
  );
}

/** Leads to playback, or to watching while the session runs. */
function RecordingLink({ id, isRunning }: { id: string; isRunning: boolean }) {
  return (
    <>
      <Link className="font-medium text-accent" href={recordingHref({ recordingId: id })}>
        Session Recording
      </Link>
      {isRunning ? <span className="muted ml-2">running, can be watched</span> : null}
    </>
  );
}
