import { findChannelProtocol, TUNNELLED_PORT_FORWARD } from "./channel-protocol.ts";
import type { DirectionInspector } from "./direction-inspector.ts";
import { inspectCommandChannels } from "./inspect-command-channels.ts";
import { inspectCommandSpdy } from "./inspect-command-spdy.ts";
import { inspectPortForwardChannels } from "./inspect-port-forward-channels.ts";
import { inspectPortForwardSpdy } from "./inspect-port-forward-spdy.ts";
import { inspectPortForwardTunnel } from "./inspect-port-forward-tunnel.ts";
import { encodeChannelLastWords, encodeSpdyLastWords, type LastWords } from "./last-words.ts";
import { type CommandCallbacks, CommandSummary, PortForwardSummary } from "./session-summary.ts";
import { WireError } from "./wire-error.ts";

/** What the server's 101 agreed to: the WebSocket subprotocol (empty for none), or the X-Stream-Protocol-Version. */
export type SessionProtocol = { kind: "websocket"; subprotocol: string } | { kind: "spdy"; version: string };

export interface SessionInspectorOptions {
  subresource: "exec" | "attach" | "portforward";
  protocol: SessionProtocol;
  /** portforward over a channel protocol: the request's `ports` values. */
  ports?: readonly number[];
  /** exec and attach: content for a recorder. Where none is asked for, payloads are counted and not touched. */
  callbacks?: CommandCallbacks;
}

/**
 * Watches the bytes of an upgraded session as they pass, both ways: counts per stream, terminal size, exit code, ports,
 * and violations of the protocol. Feed it everything after the two HTTP heads, in order within each direction. It never
 * changes or holds the bytes; its memory is bounded whatever comes.
 */
export class SessionInspector {
  /** Set for exec and attach. */
  readonly command: CommandSummary | null;
  /** Set for portforward. */
  readonly portForward: PortForwardSummary | null;
  readonly #inspector: DirectionInspector;
  readonly #protocol: SessionProtocol;
  #failure: WireError | null = null;

  /** Throws a WireError where the subprotocol is unknown: such a session cannot be watched. */
  constructor(options: SessionInspectorOptions) {
    this.#protocol = options.protocol;
    if (options.subresource === "portforward") {
      this.command = null;
      this.portForward = new PortForwardSummary();
      this.#inspector = inspectPortForward(options, this.portForward);
      return;
    }
    this.portForward = null;
    const callbacks = options.callbacks ?? {};
    if (options.protocol.kind === "spdy") {
      this.command = new CommandSummary(hasJsonStatus(options.protocol));
      this.#inspector = inspectCommandSpdy({ summary: this.command, callbacks });
      return;
    }
    const protocol = channelProtocol(options.protocol.subprotocol);
    this.command = new CommandSummary(protocol.jsonStatus);
    this.#inspector = inspectCommandChannels({ protocol, summary: this.command, callbacks });
  }

  /** Takes bytes that the client sent. An error means: close the session; it is returned again from then on. */
  fromClient(chunk: Uint8Array): WireError | null {
    return this.#watch(() => this.#inspector.fromClient(chunk));
  }

  /** Takes bytes that the server sent. */
  fromServer(chunk: Uint8Array): WireError | null {
    return this.#watch(() => this.#inspector.fromServer(chunk));
  }

  /**
   * The frames that end the session with these words in the server's place, behind a whole frame of the server's own. Null where the server
   * has said already how it ended, or nobody would read them.
   */
  encodeLastWords(words: LastWords): Buffer | null {
    const { command } = this;
    if (command === null || command.finished || command.outcome !== null || this.#failure !== null)
      return null;
    if (this.#protocol.kind === "websocket")
      return encodeChannelLastWords(channelProtocol(this.#protocol.subprotocol), words);
    return encodeSpdyLastWords(command.serverStreams, words, hasJsonStatus(this.#protocol));
  }

  #watch(step: () => void): WireError | null {
    if (this.#failure !== null) return this.#failure;
    try {
      step();
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.#failure = error;
    }
    return this.#failure;
  }
}

function inspectPortForward(
  options: SessionInspectorOptions,
  summary: PortForwardSummary,
): DirectionInspector {
  if (options.protocol.kind === "spdy") {
    const { client, server } = inspectPortForwardSpdy(summary);
    return { fromClient: (chunk) => client.push(chunk), fromServer: (chunk) => server.push(chunk) };
  }
  if (options.protocol.subprotocol === TUNNELLED_PORT_FORWARD) return inspectPortForwardTunnel(summary);
  const protocol = channelProtocol(options.protocol.subprotocol);
  return inspectPortForwardChannels({ protocol, ports: options.ports ?? [], summary });
}

function hasJsonStatus({ version }: Extract<SessionProtocol, { kind: "spdy" }>): boolean {
  return version === "v4.channel.k8s.io";
}

function channelProtocol(name: string) {
  const protocol = findChannelProtocol(name);
  if (protocol === undefined)
    throw new WireError(
      "unknown-channel",
      `unknown WebSocket subprotocol ${JSON.stringify(name.slice(0, 80))}`,
    );
  return protocol;
}
