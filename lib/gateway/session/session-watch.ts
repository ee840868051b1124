import type { IncomingMessage } from "node:http";
import { redactStatusMessage } from "../../audit/redaction/redact-status-message.ts";
import { SessionInspector, type SessionProtocol } from "../../wire/session-inspector.ts";
import { WireError } from "../../wire/wire-error.ts";
import { Refusal } from "../answer/refusal.ts";
import type { ForwardableCall } from "../call/call.ts";
import type { CallOutcome } from "../call/call-record.ts";
import type { Gateway } from "../call/gateway.ts";
import { endReasonMessage } from "../call/live-call-of.ts";
import type { EndReason } from "../call/live-calls.ts";
import { isSession, resourceText } from "../request/request-info.ts";
import { describeSession } from "../request/session-options.ts";
import { streamMessages } from "../request/stream-messages.ts";
import { isWebSocketUpgrade } from "../request/subprotocols.ts";
import { protocolObserver } from "./protocol-observer.ts";
import type { SessionObserver } from "./session-observer.ts";
import type { TunnelEnd } from "./tunnel.ts";

/** What is looked at and told of one upgraded connection. */
export interface SessionWatch {
  observers: readonly SessionObserver[];
  startMessage: string;
  describeEnd(end: TunnelEnd, reason: EndReason | null): Pick<CallOutcome, "result" | "message" | "exitCode">;
}

/** Sets up the watch by what the cluster's 101 agreed to. A session in a protocol that cannot be watched is refused. */
export function createSessionWatch(
  gateway: Gateway,
  { info, target }: ForwardableCall,
  response: IncomingMessage,
): SessionWatch | Refusal {
  if (info.unwatched) return plainWatch(unwatchedMessages(info));
  if (!isSession(info))
    return plainWatch(info.subresource === "proxy" ? PROXY_MESSAGES : streamMessages(info));
  const description = describeSession(gateway.redactor, info, target.query);
  try {
    const inspector = new SessionInspector({
      subresource: info.subresource as "exec" | "attach" | "portforward",
      protocol: agreedProtocol(response),
      ports: description.ports,
    });
    return {
      observers: [protocolObserver(inspector)],
      startMessage: `Session started: ${description.text}`,
      describeEnd: (end, reason) => describeSessionEnd(inspector, end, reason),
    };
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return new Refusal(
      "OutcomeWithheld",
      `The session cannot be watched and was closed again: ${error.message}. What it was to run may have begun.`,
    );
  }
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
    describeEnd: (end, reason) =>
      end.kind === "observer-failed" ? stopped(end.error) : ended(messages.end, reason),
  };
}

function describeSessionEnd(
  inspector: SessionInspector,
  end: TunnelEnd,
  reason: EndReason | null,
): Pick<CallOutcome, "result" | "message" | "exitCode"> {
  if (end.kind === "observer-failed") return stopped(end.error);
  if (reason !== null) return ended("Session ended", reason);
  return inspector.command === null ? describePortForward(inspector) : describeCommand(inspector, end);
}

/** An observer ended the session. */
function stopped(error: Error): Pick<CallOutcome, "result" | "message"> {
  const why = error instanceof WireError ? `the protocol was violated (${error.message})` : error.message;
  return { result: "failure", message: `Session ended: ${why}` };
}

function describeCommand(
  inspector: SessionInspector,
  end: TunnelEnd,
): Pick<CallOutcome, "result" | "message" | "exitCode"> {
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

function describePortForward({ portForward }: SessionInspector): Pick<CallOutcome, "result" | "message"> {
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
function ended(text: string, reason: EndReason | null): Pick<CallOutcome, "result" | "message"> {
  if (reason === null) return { result: "success", message: text };
  return { result: reason === "draining" ? "success" : "failure", message: endReasonMessage(text, reason) };
}

function agreedProtocol(response: IncomingMessage): SessionProtocol {
  if (isWebSocketUpgrade(response)) {
    return { kind: "websocket", subprotocol: textOf(response.headers["sec-websocket-protocol"]) };
  }
  return { kind: "spdy", version: textOf(response.headers["x-stream-protocol-version"]) };
}

function textOf(value: string | string[] | undefined): string {
  return Array.isArray(value) ? (value[0] ?? "") : (value ?? "");
}
