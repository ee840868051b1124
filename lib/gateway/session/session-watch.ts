import type { IncomingMessage } from "node:http";
import type { Permit } from "../../access/policy/decision.ts";
import { redactStatusMessage } from "../../audit/redaction/redact-status-message.ts";
import type { SessionRecording } from "../../recordings/recorder/session-recording.ts";
import { FrameBoundary } from "../../wire/frame-boundary.ts";
import type { LastWords } from "../../wire/last-words.ts";
import { SessionInspector, type SessionProtocol } from "../../wire/session-inspector.ts";
import type { CommandSummary } from "../../wire/session-summary.ts";
import { WireError } from "../../wire/wire-error.ts";
import { Refusal } from "../answer/refusal.ts";
import type { ForwardableCall } from "../call/call.ts";
import type { CallOutcome } from "../call/call-record.ts";
import type { Gateway } from "../call/gateway.ts";
import { isSession, resourceText } from "../request/request-info.ts";
import { describeSession } from "../request/session-options.ts";
import { streamMessages } from "../request/stream-messages.ts";
import { isWebSocketUpgrade } from "../request/subprotocols.ts";
import { protocolObserver } from "./protocol-observer.ts";
import { spdyProtocol } from "./recorded-session-of.ts";
import { recordingCallbacks, recordingObserver } from "./recording-observer.ts";
import { withoutRecording } from "./recording-outcome.ts";
import type { GivenEnd } from "./session-ending.ts";
import type { SessionObserver } from "./session-observer.ts";
import type { TunnelEnd } from "./tunnel.ts";

/** What is looked at and told of one upgraded connection. */
export interface SessionWatch {
  observers: readonly SessionObserver[];
  startMessage: string;
  /** `given`: why the gateway ended it, if it did. */
  describeEnd(end: OrdinaryEnd, given: GivenEnd | null): SessionOutcome;
  /** Where the person can be told why it ended: the frames that she gets, and those that tell her. */
  lastWords: { frames: FrameBoundary; encode(words: LastWords): Buffer | null } | null;
  /** Of an exec or attach: what is known of it so far. */
  command: CommandSummary | null;
  /** What both sides agreed to, where it is watched: `v5.channel.k8s.io`. */
  protocol: string | null;
}

type OrdinaryEnd = Exclude<TunnelEnd, { kind: "observer-failed" }>;
type SessionOutcome = Pick<CallOutcome, "result" | "exitCode"> & { message: string };

type WatchedCall = Pick<ForwardableCall, "info" | "target"> & { permit: Pick<Permit, "recording"> };

/**
 * Sets up the watch by what the cluster's 101 agreed to. A session in a protocol that cannot be watched is refused. `recording` is told what passes,
 * and may hold it back.
 */
export function createSessionWatch(
  gateway: Pick<Gateway, "redactor">,
  { info, target, permit }: WatchedCall,
  response: Pick<IncomingMessage, "headers">,
  recording: SessionRecording | null,
): SessionWatch | Refusal {
  if (info.unwatched) return plainWatch(unwatchedMessages(info));
  if (!isSession(info))
    return plainWatch(info.subresource === "proxy" ? PROXY_MESSAGES : streamMessages(info));
  const description = describeSession(gateway.redactor, info, target.query);
  const protocol = agreedProtocol(response);
  try {
    const inspector = new SessionInspector({
      subresource: info.subresource as "exec" | "attach" | "portforward",
      protocol,
      ports: description.ports,
      ...(recording?.began && { callbacks: recordingCallbacks(recording) }),
    });
    const observers = [protocolObserver(inspector)];
    if (recording?.began) observers.push(recordingObserver(recording, permit.recording.record));
    return {
      observers,
      command: inspector.command,
      protocol: protocol.kind === "spdy" ? spdyProtocol(protocol.version) : protocol.subprotocol,
      startMessage: withoutRecording(`Session started: ${description.text}`, recording),
      describeEnd: (end, given) =>
        given === null ? describeContent(inspector, end) : ended("Session ended", given),
      lastWords: inspector.command && {
        frames: new FrameBoundary(protocol.kind),
        encode: (words) => inspector.encodeLastWords(words),
      },
    };
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return new Refusal(
      "OutcomeWithheld",
      `The session cannot be watched and was closed again: ${error.message}. What it was to run may have begun.`,
    );
  }
}

/** What the record says of the end of a session. */
export function describeSessionEnd(
  watch: SessionWatch,
  end: TunnelEnd,
  given: GivenEnd | null,
): SessionOutcome {
  if (end.kind !== "observer-failed") return watch.describeEnd(end, given);
  const { error } = end;
  const why = error instanceof WireError ? `the protocol was violated (${error.message})` : error.message;
  return { result: "failure", message: `Session ended: ${why}` };
}

const PROXY_MESSAGES = { start: "Proxied connection started", end: "Proxied connection ended" };

function unwatchedMessages(info: ForwardableCall["info"]): { start: string; end: string } {
  const what = `${resourceText(info)}; its content`;
  return { start: `Session started: ${what} is not watched`, end: `Session ended: ${what} was not watched` };
}

function plainWatch(messages: { start: string; end: string }): SessionWatch {
  return {
    observers: [],
    startMessage: messages.start,
    describeEnd: (_end, given) => ended(messages.end, given),
    lastWords: null,
    command: null,
    protocol: null,
  };
}

function describeContent(inspector: SessionInspector, end: OrdinaryEnd): SessionOutcome {
  return inspector.command === null ? describePortForward(inspector) : describeCommand(inspector, end);
}

function describeCommand(inspector: SessionInspector, end: OrdinaryEnd): SessionOutcome {
  const outcome = inspector.command?.outcome ?? null;
  if (outcome === null) {
    const who = end.kind === "client-ended" ? "the client left" : "the cluster closed the connection";
    return { result: "success", message: `Session ended: ${who}` };
  }
  const { exitCode } = outcome;
  if (exitCode !== null)
    return { result: "success", message: `Session ended, exit code ${exitCode}`, exitCode };
  return { result: "failure", message: `Session ended: ${redactStatusMessage(outcome.message)}` };
}

function describePortForward({ portForward }: SessionInspector): SessionOutcome {
  if (portForward === null) return { result: "success", message: "Session ended" };
  const { ports, connections, failedConnections, firstError } = portForward;
  const parts = ["Session ended"];
  if (ports.length > 0) parts.push(`ports ${ports.join(", ")}`);
  parts.push(connections === 1 ? "1 connection" : `${connections} connections`);
  if (failedConnections > 0)
    parts.push(`${failedConnections} failed: ${redactStatusMessage(firstError ?? "")}`);
  return { result: "success", message: parts.join(", ") };
}

/** A gateway that shuts down ends sessions in good order; whoever lost access is a denial. */
function ended(text: string, given: GivenEnd | null): SessionOutcome {
  if (given === null) return { result: "success", message: text };
  return {
    result: given.reason === "draining" ? "success" : "failure",
    message: `${text}: ${given.message}`,
  };
}

function agreedProtocol(response: Pick<IncomingMessage, "headers">): SessionProtocol {
  if (isWebSocketUpgrade(response)) {
    return { kind: "websocket", subprotocol: textOf(response.headers["sec-websocket-protocol"]) };
  }
  return { kind: "spdy", version: textOf(response.headers["x-stream-protocol-version"]) };
}

function textOf(value: string | string[] | undefined): string {
  return Array.isArray(value) ? (value[0] ?? "") : (value ?? "");
}
