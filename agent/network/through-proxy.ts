import http from "node:http";
import https from "node:https";
import type { Socket } from "node:net";
import { AgentError } from "../agent-error.ts";
import { errorText } from "../log.ts";
import type { ProxySettings } from "../settings/proxy.ts";

/** Opens a connection to a host through an HTTP proxy: CONNECT, RFC 9110, section 9.3.6. What passes is the caller's own TLS. */
export function throughProxy(
  proxy: ProxySettings,
  target: { host: string; port: number },
  signal: AbortSignal,
): Promise<Socket> {
  const authority = `${target.host.includes(":") ? `[${target.host}]` : target.host}:${target.port}`;
  const { request } = proxy.secure ? https : http;
  return new Promise((resolve, reject) => {
    const asked = request({
      ...{ host: proxy.host, port: proxy.port, method: "CONNECT", path: authority, agent: false, signal },
      headers: {
        Host: authority,
        ...(proxy.authorization === null ? {} : { "Proxy-Authorization": proxy.authorization }),
      },
    });
    asked.on("connect", (answer, socket: Socket, head: Buffer) => {
      socket.on("error", () => undefined);
      if (answer.statusCode === 200) {
        if (head.length > 0) socket.unshift(head);
        resolve(socket);
        return;
      }
      socket.destroy();
      reject(refused(proxy, `answered ${answer.statusCode} ${answer.statusMessage}`));
    });
    asked.on("error", (error) => {
      reject(signal.aborted ? signal.reason : refused(proxy, `cannot be used: ${errorText(error)}`));
    });
    asked.end();
  });
}

function refused({ host, port }: ProxySettings, what: string): AgentError {
  return new AgentError(
    `the proxy ${host}:${port} (HTTPS_PROXY) ${what}: it takes CONNECT to the gateway's address, and user:password@ in HTTPS_PROXY where it asks for them`,
  );
}
