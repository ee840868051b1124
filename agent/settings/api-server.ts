import { readFileSync } from "node:fs";
import path from "node:path";
import { type Environment, textOf, wrongSetting } from "./environment.ts";

/** The one API server that this agent connects to. */
export interface ApiServerSettings {
  /** A name, or an IP address without brackets. */
  host: string;
  port: number;
  /** PEM; by what the API server is verified in mode `agent`. Null: by what Node trusts. */
  certificateAuthority: string | null;
  /** The file with the service account's token. */
  tokenFile: string;
  /** The namespace that the pod is in; null outside Kubernetes. */
  namespace: string | null;
}

/** Where Kubernetes mounts a pod's service account. */
const SERVICE_ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";

/** `KUBERNETES_API_SERVER`, or within Kubernetes what each pod is told. */
export function readApiServer(environment: Environment): ApiServerSettings {
  const account = textOf(environment, "KUBERNETES_SERVICE_ACCOUNT_FOLDER") ?? SERVICE_ACCOUNT;
  return {
    ...readAddress(environment),
    certificateAuthority: readAuthority(environment, path.join(account, "ca.crt")),
    tokenFile: textOf(environment, "KUBERNETES_TOKEN_FILE") ?? path.join(account, "token"),
    namespace: readIfThere(path.join(account, "namespace"))?.trim() ?? null,
  };
}

function readAddress(environment: Environment): { host: string; port: number } {
  const text = textOf(environment, "KUBERNETES_API_SERVER") ?? ofPod(environment);
  if (text === null) {
    throw wrongSetting("KUBERNETES_API_SERVER", {
      takes: "the API server's address, https://host:port; it is not set, and this is no pod of Kubernetes",
    });
  }
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol !== "https:" || url.pathname !== "/" || url.search !== "" || url.username !== "") {
    throw wrongSetting("KUBERNETES_API_SERVER", { got: text, takes: "https://host:port, without a path" });
  }
  return { host: url.hostname.replace(/^\[|\]$/g, ""), port: Number(url.port || 443) };
}

function ofPod(environment: Environment): string | null {
  const host = textOf(environment, "KUBERNETES_SERVICE_HOST");
  if (host === null) return null;
  return `https://${host.includes(":") ? `[${host}]` : host}:${textOf(environment, "KUBERNETES_SERVICE_PORT") ?? "443"}`;
}

function readAuthority(environment: Environment, mounted: string): string | null {
  const file = textOf(environment, "KUBERNETES_CA_FILE");
  if (file === null) return readIfThere(mounted);
  const text = readIfThere(file);
  if (text?.includes("-----BEGIN CERTIFICATE-----")) return text;
  throw wrongSetting("KUBERNETES_CA_FILE", {
    got: file,
    takes: "a file that can be read, with certificates in PEM",
  });
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}
