import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { type Registry, register } from "prom-client";
import { log } from "../log.ts";
import type { RevokedSubject } from "../revocation/revocation.ts";
import { isEnding } from "./answer/end-connection.ts";
import { type ParserError, recordUnparsable } from "./arrive/client-error.ts";
import { HttpCall } from "./arrive/http-call.ts";
import { NodeExchange } from "./arrive/node-exchange.ts";
import { UpgradeCall } from "./arrive/upgrade-call.ts";
import type { Call } from "./call/call.ts";
import type { ClientExchange } from "./call/client-exchange.ts";
import type { Gateway } from "./call/gateway.ts";
import { InHand } from "./call/in-hand.ts";
import { LiveCalls } from "./call/live-calls.ts";
import { registerGatewayMetrics } from "./call/metrics.ts";
import { type StrangerLimits, StrangerRecorder } from "./call/strangers.ts";
import { handleCall } from "./handler.ts";
import type { RequestHead } from "./request/client-request.ts";

export interface GatewayServices extends Omit<Gateway, "liveCalls" | "metrics" | "strangers"> {
  /** How many calls of nobody known are recorded one by one; the gateway's own where it is left out. */
  strangerLimits?: StrangerLimits;
  /** Where the metrics go; the process's own registry where it is left out. */
  registry?: Registry;
  onRevocation(listener: (subject: RevokedSubject) => void): () => void;
  /** `decide` or `findCluster` may answer otherwise. */
  onPolicyChange(listener: () => void): () => void;
  /** `authenticateToken` may answer otherwise, though nothing was revoked. */
  onCallersChange(listener: () => void): () => void;
}

/** Where a server hands over what is the gateway's. */
export interface GatewayDoor {
  handleRequest(request: IncomingMessage, response: ServerResponse): void;
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** What Node's parser refused, before there was a request. `takesTheRest`: whatever comes to this server is the gateway's. */
  handleClientError(error: ParserError, socket: Duplex, server: { takesTheRest: boolean }): void;
}

/** Where ordinary calls are handed over that somebody else than node:http reads. */
export interface ExchangeDoor {
  /** `remoteAddress`: of the connection, as Node has it. Not on a connection whose last answer was given. */
  handleExchange(exchange: ClientExchange, remoteAddress: string | undefined): void;
}

export interface RunningGateway extends GatewayDoor, ExchangeDoor {
  /** Ends watches and sessions, waits for other calls, at most `graceMs`. New calls come to other replicas. */
  drain(graceMs?: number): Promise<void>;
}

const DRAIN_GRACE_MS = 10_000;
/** What the grace had to end is recorded and answered within this time; after it nothing is waited for. */
const LAST_WORDS_MS = 2_000;

/** The gateway on given services. `createGateway` is the same on the house's own. */
export function startGateway({
  onRevocation,
  onPolicyChange,
  onCallersChange,
  registry,
  recorder,
  strangerLimits,
  ...services
}: GatewayServices): RunningGateway {
  const metrics = registerGatewayMetrics(registry ?? register);
  const liveCalls = new LiveCalls({
    authenticateToken: services.authenticateToken,
    metrics,
    onError: (error) => log.warn({ err: error }, "a call under way could not be checked, or not ended"),
  });
  const strangers = new StrangerRecorder(recorder, strangerLimits);
  const gateway: Gateway = { ...services, recorder: strangers, strangers, liveCalls, metrics };
  const unsubscribers = [
    onRevocation((subject) => liveCalls.revoke(subject)),
    onPolicyChange(() => liveCalls.policyChanged()),
    onCallersChange(() => liveCalls.callersChanged()),
  ];
  const addressOf = (request: RequestHead, remoteAddress: string | undefined) =>
    gateway.readClientAddress(remoteAddress, forwardedFor(request));

  const answering = new WeakMap<Duplex, NodeExchange>();
  const inHand = new InHand();
  const take = (call: Call) => {
    inHand.begin();
    handleCall(gateway, call, inHand.end);
  };

  const handleExchange = (exchange: ClientExchange, remoteAddress: string | undefined) =>
    take(new HttpCall(gateway, exchange, addressOf(exchange.head, remoteAddress)));

  return {
    handleRequest(request, response) {
      const { socket } = request;
      if (isEnding(socket)) return;
      const exchange = new NodeExchange(request, response);
      answering.set(socket, exchange);
      response.once("close", () => answering.delete(socket));
      handleExchange(exchange, socket.remoteAddress);
    },
    handleExchange,
    handleUpgrade(request, socket, head) {
      if (isEnding(socket)) return;
      take(
        new UpgradeCall(gateway, request, { socket, head }, addressOf(request, request.socket.remoteAddress)),
      );
    },
    handleClientError(error, socket, { takesTheRest }) {
      // What comes behind a last answer is dropped, whatever it is, and that answer still arrives.
      if (isEnding(socket) && error.code?.startsWith("HPE_")) return;
      // What breaks while a call is under way is its body.
      const exchange = answering.get(socket);
      if (exchange === undefined) void recordUnparsable(gateway, error, { socket, takesTheRest });
      else exchange.breakOff(error);
    },
    async drain(graceMs = DRAIN_GRACE_MS) {
      for (const unsubscribe of unsubscribers) unsubscribe();
      await liveCalls.drain(graceMs);
      await Promise.race([inHand.settled(), delay(LAST_WORDS_MS, undefined, { ref: false })]);
      await strangers.stop();
    },
  };
}

function forwardedFor(request: RequestHead): string | undefined {
  const value = request.headers["x-forwarded-for"];
  return Array.isArray(value) ? value.join(", ") : value;
}
