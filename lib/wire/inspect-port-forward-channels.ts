import { ChannelMessageParser } from "./channel-messages.ts";
import type { ChannelProtocol } from "./channel-protocol.ts";
import type { DirectionInspector } from "./direction-inspector.ts";
import type { PortForwardSummary } from "./session-summary.ts";
import { WireError } from "./wire-error.ts";

const PORT_BYTES = 2;

/**
 * Watches a port-forward over a channel protocol with `?ports=`: for the nth port, channel 2n is data and 2n+1 error;
 * each begins with the port, 16 bits, from the server.
 */
export function inspectPortForwardChannels(input: {
  protocol: ChannelProtocol;
  ports: readonly number[];
  summary: PortForwardSummary;
}): DirectionInspector {
  const { protocol, ports, summary } = input;
  const channels = ports.length * 2;
  const announcedBytes = new Uint8Array(channels);
  const failed = new Uint8Array(channels);
  for (const port of ports) summary.addPort(port);
  summary.connections = ports.length;
  const check = (channel: number) => {
    if (channel >= channels)
      throw new WireError("unknown-channel", `message on channel ${channel} for ${ports.length} ports`);
  };
  const client = new ChannelMessageParser({
    from: "client",
    protocol,
    handler: {
      wantsData: () => false,
      onData: (channel, length) => {
        check(channel);
        if (channel % 2 === 0) summary.bytesToPod += length;
      },
    },
  });
  const server = new ChannelMessageParser({
    from: "server",
    protocol,
    handler: {
      wantsData: (channel) => channel % 2 === 1,
      onData: (channel, length, data) => {
        check(channel);
        const announcement = Math.min(PORT_BYTES - announcedBytes[channel]!, length);
        announcedBytes[channel]! += announcement;
        if (announcement === length) return;
        if (channel % 2 === 0) summary.bytesFromPod += length - announcement;
        else if (data !== null) {
          summary.addError(data.subarray(announcement), failed[channel] === 0);
          failed[channel] = 1;
        }
      },
    },
  });
  return { fromClient: (chunk) => client.push(chunk), fromServer: (chunk) => server.push(chunk) };
}
