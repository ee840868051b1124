import { type ChildProcess, execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { createServer, type Server } from "node:http";
import net, { type AddressInfo, type Socket } from "node:net";
import { promisify } from "node:util";

const execute = promisify(execFile);

/** A network in which a cluster and its agents are, and from which one address can be reached: that of a proxy. */
export interface ShutOffNetwork {
  /** HTTPS_PROXY of programs in it: connects to one port of this machine, and nothing else. */
  proxy: string;
  start(program: string, args: string[], environment: Record<string, string>): ChildProcess;
  run(program: string, args: string[]): Promise<string>;
  close(): Promise<void>;
}

/** Whether this host lets its user make network namespaces: root on Linux, with iproute2. */
export async function canShutOff(): Promise<boolean> {
  const name = `kw-${randomBytes(3).toString("hex")}`;
  return execute("ip", ["netns", "add", name]).then(
    () => execute("ip", ["netns", "delete", name]).then(() => true),
    () => false,
  );
}

/**
 * A network namespace with a loopback of its own, and a pair of interfaces to this machine. What listens on its loopback nothing outside can dial. Where the host
 * cannot make one, everything runs on this machine.
 */
export async function shutOffNetwork(
  reachable: { port: number },
  isShutOff: boolean,
): Promise<ShutOffNetwork> {
  const name = `kw-${randomBytes(3).toString("hex")}`;
  const [near, far] = [`${name}-a`, `${name}-b`];
  // 198.18.0.0/15 is for tests of networks (RFC 2544): nothing else has it.
  const subnet = `198.18.${randomBytes(1)[0]}`;
  const host = isShutOff ? `${subnet}.1` : "127.0.0.1";
  if (isShutOff) {
    const steps = [
      `netns add ${name}`,
      `link add ${near} type veth peer name ${far} netns ${name}`,
      `address add ${host}/30 dev ${near}`,
      `link set ${near} up`,
      `-n ${name} address add ${subnet}.2/30 dev ${far}`,
      `-n ${name} link set ${far} up`,
      `-n ${name} link set lo up`,
    ];
    for (const step of steps) await execute("ip", step.split(" "));
  }
  const within = isShutOff ? ["ip", "netns", "exec", name] : ["env"];
  const proxy = await startProxy(host, reachable.port);
  return {
    proxy: `http://${host}:${(proxy.address() as AddressInfo).port}`,
    start: (program, args, environment) =>
      spawn(within[0]!, [...within.slice(1), program, ...args], {
        stdio: ["ignore", "pipe", "inherit"],
        env: { PATH: process.env.PATH, HOME: "/nonexistent", NODE_ENV: process.env.NODE_ENV, ...environment },
      }),
    run: async (program, args) => (await execute(within[0]!, [...within.slice(1), program, ...args])).stdout,
    async close() {
      proxy.closeAllConnections();
      proxy.close();
      if (isShutOff) await execute("ip", ["netns", "delete", name]);
    },
  };
}

/** An HTTP proxy that connects to one port of this machine, whatever the name before it. */
async function startProxy(host: string, port: number): Promise<Server> {
  const server = createServer((_request, response) => response.writeHead(405).end());
  server.on("connect", ({ url = "" }, client: Socket) => {
    client.on("error", () => undefined);
    if (!url.endsWith(`:${port}`)) return client.end("HTTP/1.1 403 Forbidden\r\n\r\n");
    const upstream = net.connect(port, "localhost", () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      upstream.pipe(client).pipe(upstream);
    });
    upstream.on("error", () => client.destroy());
    client.on("close", () => upstream.destroy());
    upstream.on("close", () => client.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  return server;
}
