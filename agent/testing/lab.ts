import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import type { Environment } from "../settings/environment.ts";
import { startAgent, stateFolder, type TestAgent } from "./test-agent.ts";
import { TestHub, type TestHubOptions } from "./test-hub.ts";

/** What a test starts, and ends in turn. */
export class Lab {
  readonly #closing: (() => unknown)[] = [];

  /** Calls it when the test is over. */
  atEnd(close: () => unknown): void {
    this.#closing.push(close);
  }

  async close(): Promise<void> {
    for (const close of this.#closing.splice(0).reverse()) await close();
  }

  async hub(options: TestHubOptions = {}): Promise<TestHub> {
    const hub = await TestHub.start(options);
    this.atEnd(() => hub.close());
    return hub;
  }

  /** A TCP server; `https://127.0.0.1:<port>` as an agent takes it. */
  async server(onConnection: (socket: Socket) => void = (socket) => socket.pipe(socket)): Promise<number> {
    const sockets = new Set<Socket>();
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      sockets.add(socket);
      socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
      onConnection(socket);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    this.atEnd(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    return (server.address() as AddressInfo).port;
  }

  /** A connection to a port of this machine. */
  dial(port: number): Socket {
    const socket = connect(port, "127.0.0.1");
    socket.on("error", () => undefined);
    this.atEnd(() => socket.destroy());
    return socket;
  }

  folder(): string {
    const state = stateFolder();
    this.atEnd(() => state.remove());
    return state.path;
  }

  /** What an agent of this hub is told, with a join token and a state of its own. */
  environment(hub: TestHub, apiServer: number): Environment {
    return {
      KUBEWITNESS_URL: hub.url,
      KUBEWITNESS_JOIN_TOKEN: hub.createJoinToken(),
      KUBEWITNESS_AGENT_STATE: this.folder(),
      KUBERNETES_API_SERVER: `https://127.0.0.1:${apiServer}`,
    };
  }

  agent(environment: Environment): TestAgent {
    const agent = startAgent(environment);
    this.atEnd(() => agent.stop());
    return agent;
  }
}
