import { type ChildProcess, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { findOnPath } from "../../scripts/steps.ts";
import { freePort } from "../../test/free-ports.ts";
import { firstLine } from "../gateway/programs.ts";
import { listening } from "../gateway/upstream.ts";

export interface Peer {
  name: string;
  process: ChildProcess;
  /** Before a path of the cluster's. */
  url: string;
}

/** What passes calls on beside the gateway and records nothing, as far as it is installed. `folder` has the certificates. */
export async function startPeers(folder: string, clusterPort: number): Promise<Peer[]> {
  const peers: Peer[] = [];
  if (findOnPath("nginx")) peers.push(await startNginx(folder, clusterPort));
  if (findOnPath("kubectl")) peers.push(await startKubectlProxy(folder, clusterPort));
  return peers;
}

/** TLS on both sides, as the gateway has it. */
async function startNginx(folder: string, clusterPort: number): Promise<Peer> {
  const port = await freePort();
  const file = path.join(folder, "nginx-proxy.conf");
  writeFileSync(
    file,
    `daemon off; master_process off; pid ${folder}/nginx-proxy.pid; error_log ${folder}/nginx-proxy.log; worker_rlimit_nofile 20000;
events { worker_connections 10000; }
http {
  access_log off;
  client_body_temp_path ${folder}/nginx-1; proxy_temp_path ${folder}/nginx-2; fastcgi_temp_path ${folder}/nginx-3;
  uwsgi_temp_path ${folder}/nginx-4; scgi_temp_path ${folder}/nginx-5;
  server {
    listen 127.0.0.1:${port} ssl; ssl_certificate ${folder}/server.crt; ssl_certificate_key ${folder}/server.key;
    location / { proxy_pass https://127.0.0.1:${clusterPort}; proxy_http_version 1.1; proxy_buffering off; proxy_read_timeout 1h; }
  }
}
`,
  );
  const process = spawn("nginx", ["-c", file], { stdio: ["ignore", "ignore", "inherit"] });
  await listening(port);
  return { name: "nginx", process, url: `https://127.0.0.1:${port}` };
}

/** Plain HTTP in front: it offers nothing else. */
async function startKubectlProxy(folder: string, clusterPort: number): Promise<Peer> {
  const kubeconfig = path.join(folder, "kubeconfig");
  writeFileSync(
    kubeconfig,
    `apiVersion: v1
kind: Config
current-context: bench
clusters: [{name: bench, cluster: {server: "https://127.0.0.1:${clusterPort}", certificate-authority: "${folder}/ca.crt"}}]
contexts: [{name: bench, context: {cluster: bench, user: bench}}]
users: [{name: bench, user: {token: upstream-token}}]
`,
  );
  const args = ["proxy", "--port=0", `--kubeconfig=${kubeconfig}`];
  const process = spawn("kubectl", args, { stdio: ["ignore", "pipe", "ignore"] });
  const [, port] = await firstLine(process, /127\.0\.0\.1:(\d+)/);
  return { name: "kubectl proxy", process, url: `http://127.0.0.1:${port}` };
}
