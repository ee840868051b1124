import { mkdirSync, writeFileSync } from "node:fs";
import net from "node:net";
import path from "node:path";
import { createAuthority, issueServerCertificate } from "../../lib/pki/issue-certificate.ts";

/** Writes the certificates of all servers of the bench into a folder: `ca.crt`, `server.crt`, `server.key`. */
export async function writeCertificates(folder: string): Promise<void> {
  const authority = await createAuthority("kubewitness bench");
  const { certificate, key } = await issueServerCertificate(authority, { hosts: ["127.0.0.1", "localhost"] });
  writeFileSync(path.join(folder, "ca.crt"), authority.certificate);
  writeFileSync(path.join(folder, "server.crt"), certificate);
  writeFileSync(path.join(folder, "server.key"), key, { mode: 0o600 });
}

/** 1 KB of JSON. */
export const ANSWER_BODY = JSON.stringify({
  kind: "PodList",
  apiVersion: "v1",
  metadata: {},
  items: [],
  padding: "x".repeat(940),
});

/** A configuration for nginx as an API server that answers everything with 1 KB of JSON over TLS; `locations` come before that. */
export function writeNginxConfiguration(folder: string, port: number, locations = ""): string {
  const file = path.join(folder, "nginx.conf");
  writeFileSync(
    file,
    `daemon off; worker_processes 1; pid ${folder}/nginx.pid; error_log ${folder}/nginx.log;
events { worker_connections 1024; }
http {
  access_log off; keepalive_requests 1000000000; keepalive_timeout 600s;
  client_body_temp_path ${folder}/nginx-1; proxy_temp_path ${folder}/nginx-2; fastcgi_temp_path ${folder}/nginx-3;
  uwsgi_temp_path ${folder}/nginx-4; scgi_temp_path ${folder}/nginx-5;
  server {
    listen 127.0.0.1:${port} ssl; ssl_certificate ${folder}/server.crt; ssl_certificate_key ${folder}/server.key;
    ${locations}
    location / { default_type application/json; return 200 '${ANSWER_BODY}'; }
  }
}
`,
  );
  return file;
}

/**
 * A configuration for nginx as a proxy with TLS in front and behind, and connections that it keeps: of each of `ways` a port of its own and the port of
 * the API server behind it. In a folder of its own below `folder`.
 */
export function writeProxyConfiguration(
  folder: string,
  ways: readonly { port: number; upstream: number }[],
): string {
  const own = path.join(folder, "nginx-proxy");
  mkdirSync(own, { recursive: true });
  const file = path.join(own, "nginx.conf");
  const servers = ways.map(
    ({ port, upstream }) => `
  upstream api${upstream} { server 127.0.0.1:${upstream}; keepalive 128; keepalive_requests 1000000000; }
  server {
    listen 127.0.0.1:${port} ssl; ssl_certificate ${folder}/server.crt; ssl_certificate_key ${folder}/server.key;
    client_max_body_size 0; proxy_request_buffering off; proxy_max_temp_file_size 0;
    location / {
      proxy_pass https://api${upstream}; proxy_http_version 1.1; proxy_set_header Connection "";
      proxy_set_header Authorization "Bearer upstream-token";
      proxy_ssl_verify on; proxy_ssl_trusted_certificate ${folder}/ca.crt; proxy_ssl_name localhost;
    }
  }`,
  );
  writeFileSync(
    file,
    `daemon off; worker_processes 1; pid ${own}/nginx.pid; error_log ${own}/nginx.log;
events { worker_connections 1024; }
http {
  access_log off; keepalive_requests 1000000000; keepalive_timeout 600s;
  client_body_temp_path ${own}/1; proxy_temp_path ${own}/2; fastcgi_temp_path ${own}/3;
  uwsgi_temp_path ${own}/4; scgi_temp_path ${own}/5;${servers.join("")}
}
`,
  );
  return file;
}

/** Waits until something listens. */
export async function listening(port: number): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (Date.now() < deadline) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = net.connect(port, "127.0.0.1", () => resolve(true));
      socket.on("error", () => resolve(false));
      socket.on("connect", () => socket.destroy());
    });
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`nothing listens on port ${port}`);
}
