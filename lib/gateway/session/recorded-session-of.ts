import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { boundedText } from "../../audit/store/stored-text.ts";
import type { RecordedSession } from "../../recordings/recorded-session.ts";
import type { ForwardUpgradeInput } from "../call/call.ts";
import { isTrue, parseQuery } from "../request/query.ts";
import { headerLines, headerOf } from "../request/raw-headers.ts";
import { describeSession } from "../request/session-options.ts";
import { isWebSocketUpgrade, readSubprotocols } from "../request/subprotocols.ts";
import { type AskedSession, recordedKind } from "./recorded-kind.ts";

const MAX_COMMAND_BYTES = 2_048;
const MAX_CONTAINER_BYTES = 512;
const MAX_PROTOCOL_BYTES = 80;
/** kubelets speak the fifth version over WebSocket only (KEP-4006). */
const NOT_OVER_SPDY = "v5.channel.k8s.io";

/** What the query and the headers of an exec or attach ask for. */
export function askedSession({ request, call }: Pick<ForwardUpgradeInput, "request" | "call">): AskedSession {
  const query = parseQuery(call.target.query);
  return {
    subresource: call.info.subresource,
    command: query.get("command") ?? [],
    container: query.get("container")?.[0] || null,
    tty: isTrue(query, "tty"),
    claimedCommand: headerOf(request, "kubectl-command"),
  };
}

/** An exec or attach as its recording names it: what its rows say, and what only sessions have. */
export function recordedSessionOf(input: ForwardUpgradeInput, asked: AskedSession): RecordedSession {
  const { gateway, record, request, call } = input;
  const { redactor } = gateway;
  const row = record.entry({ stage: "start", result: "success", message: null, httpStatus: null });
  const { actor, cluster, namespace, role, clientIp, clientName, accessMethod, sessionId, tokenId } = row;
  const { projects, departments, nodePools } = row;
  return {
    ...{ projects, departments, nodePools },
    ...{ actor, cluster, namespace, role, clientIp, clientName, accessMethod, sessionId, tokenId },
    recordingId: randomUUID(),
    startedAt: record.startedAt,
    kind: recordedKind(asked),
    pod: row.resourceName,
    container: asked.container && boundedText(redactor.redactText(asked.container), MAX_CONTAINER_BYTES),
    commandLine:
      asked.subresource === "exec"
        ? boundedText(describeSession(redactor, call.info, call.target.query).text, MAX_COMMAND_BYTES)
        : null,
    tty: asked.tty,
    protocol: boundedText(offeredProtocol(request), MAX_PROTOCOL_BYTES),
    callId: record.callId,
    inputRecorded: call.permit.recording.recordInput,
  };
}

/** What the cluster will agree to, as every Kubernetes does: the first that it speaks. */
function offeredProtocol(request: IncomingMessage): string {
  if (isWebSocketUpgrade(request)) return readSubprotocols(request.rawHeaders).offered[0] ?? "";
  const versions = headerLines(request.rawHeaders, "x-stream-protocol-version");
  return spdyProtocol(versions.find((version) => version !== NOT_OVER_SPDY) ?? "");
}

/** `SPDY/3.1 v4.channel.k8s.io`. */
export function spdyProtocol(version: string): string {
  return version === "" ? "SPDY/3.1" : `SPDY/3.1 ${version}`;
}
