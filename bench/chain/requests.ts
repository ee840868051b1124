import type { IncomingMessage } from "node:http";
import type { RequestHead } from "../../lib/gateway/request/client-request.ts";
import { NAMESPACES } from "./installation.ts";

const AGENTS = [
  "kubectl/v1.32.4 (linux/amd64) kubernetes/59526cd",
  "kubectl/v1.29.0 (darwin/arm64) kubernetes/3f7a50f",
  "Helm/3.16.2",
  "k9s/v0.32.7",
  "OpenAPI-Generator/31.0.0/python",
];
const KINDS = ["api/v1:pods", "api/v1:configmaps", "api/v1:services", "apis/apps/v1:deployments"] as const;
const NAMES = Array.from(
  { length: 200 },
  (_, index) => `web-${(index * 2_654_435_761).toString(36)}-${index}`,
);

/** One request after another, each with texts of its own as a socket's are: gets, lists, watches, some denied, some as somebody else. */
export class Requests {
  readonly #tokens: readonly string[];
  #count = 0;

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
  }

  next(): RequestHead {
    const number = this.#count++;
    const [group, kind] = pick(KINDS, number).split(":") as [string, string];
    const namespace = pick(NAMESPACES, number * 7);
    const collection = `/k8s/clusters/bench/${group}/namespaces/${namespace}`;
    const turn = number % 20;
    let path = `${collection}/${kind}/${pick(NAMES, number * 13)}`;
    if (turn < 8) path = `${collection}/${kind}?limit=500`;
    else if (turn === 8)
      path = `${collection}/${kind}?allowWatchBookmarks=true&resourceVersion=${number}&watch=true`;
    else if (turn === 9) path = `${collection}/secrets/${pick(NAMES, number)}`;
    const raw = [
      "Host",
      "gateway.example:8443",
      "User-Agent",
      pick(AGENTS, number),
      "Accept",
      "application/json;as=Table;v=v1;g=meta.k8s.io,application/json",
      "Authorization",
      `Bearer ${pick(this.#tokens, number)}`,
      "Accept-Encoding",
      "gzip",
    ];
    if (number % 5 < 2) raw.push("Kubectl-Command", "kubectl get", "Kubectl-Session", sessionNo(number));
    if (turn === 10) raw.push("Impersonate-User", "robot-1", "Impersonate-Group", "robots");
    return headOf(path, raw);
  }
}

/** As it comes from a socket: texts that nothing has looked at. */
function headOf(path: string, raw: readonly string[]): RequestHead {
  const bytes = Buffer.from([path, ...raw].join("\r\n"), "latin1");
  const [url = "", ...rawHeaders] = bytes.toString("latin1").split("\r\n");
  const headers: IncomingMessage["headers"] = {};
  for (let i = 0; i < rawHeaders.length; i += 2) headers[rawHeaders[i]!.toLowerCase()] = rawHeaders[i + 1]!;
  return { method: "GET", url, httpVersion: "1.1", rawHeaders, headers };
}

const sessionNo = (number: number) => `0b9d8f1e-5a52-4f6e-8f00-${String(number % 1_000).padStart(12, "0")}`;
const pick = <T>(items: readonly T[], number: number): T => items[number % items.length]!;
