import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { Impersonation, Permit } from "../../access/policy/decision.ts";
import type { OwnAnswer } from "../answer/own-answer.ts";
import type { Refusal } from "../answer/refusal.ts";
import type { RequestHead } from "../request/client-request.ts";
import type { RequestInfo } from "../request/request-info.ts";
import type { RequestTarget } from "../request/request-target.ts";
import type { CallRecord } from "./call-record.ts";
import type { Caller } from "./caller.ts";
import type { ClientExchange } from "./client-exchange.ts";
import type { Gateway, GatewayCluster, Upstream } from "./gateway.ts";

/** One request under way. How it is answered depends on whether it is an ordinary call or an upgrade. */
export interface Call {
  readonly request: RequestHead;
  readonly record: CallRecord;
  /** Whether the client asked to change protocols. */
  readonly isUpgrade: boolean;
  /** Why the request cannot be of this kind: a session without an upgrade, an upgrade of something else. */
  checkProtocol(info: RequestInfo): Refusal | null;
  /** The whole body, where what becomes of the call depends on it; a refusal where it is larger or breaks off. */
  readBody(maxBytes: number): Promise<Buffer | Refusal>;
  /** Sends the gateway's own answer; the row is durable already. */
  answer(answer: Refusal | OwnAnswer): void;
  /** Cuts the client's connection: it is not to wait for an answer that nobody can give. */
  cutOff(): void;
  /** Takes the call to its cluster and records its outcome. */
  forward(call: ForwardableCall, listener: ForwardListener): void;
}

/** Who is told, once, what became of a call that was forwarded; it may be before `forward` returns. */
export interface ForwardListener {
  /** It is over. A refusal where nothing was answered or recorded yet. */
  onForwarded(refusal: Refusal | null): void;
  /** A defect of the gateway's ended it. Nothing was recorded of it. */
  onForwardFailed(error: unknown): void;
}

/** A call that passed every stage. */
export interface ForwardableCall {
  target: RequestTarget;
  info: RequestInfo;
  caller: Caller;
  cluster: GatewayCluster;
  /** That it is about, where a grant on a node pool asks for it. */
  node: string | null;
  permit: Permit;
  impersonation: Impersonation | null;
  upstream: Upstream;
  /** Names and values in turn: what of the client's goes on, then the gateway's own. */
  headers: string[];
  /** Where it was read already; null where the client's stream is still to be read. */
  body: Buffer | null;
}

/** An ordinary call to be taken to its cluster, and the client that waits for its answer. */
export interface ForwardInput {
  gateway: Gateway;
  record: CallRecord;
  exchange: ClientExchange;
  call: ForwardableCall;
  /** Is answered at once: of what could not be recorded there is no second row. */
  client: { answer(refusal: Refusal): void };
}

/** An upgrade to be taken to its cluster, and the connection that it came on. */
export interface ForwardUpgradeInput {
  gateway: Gateway;
  record: CallRecord;
  request: IncomingMessage;
  socket: Duplex;
  /** What the client sent right behind its head. */
  head: Buffer;
  call: ForwardableCall;
  /** Answers at once: of what could not be recorded there is no second row. */
  answer(refusal: Refusal): void;
}
