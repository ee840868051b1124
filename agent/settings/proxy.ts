import { type Environment, textOf, wrongSetting } from "./environment.ts";
import { isExempt } from "./no-proxy.ts";

/** An HTTP proxy that connects through (CONNECT, RFC 9110, section 9.3.6), and for what it is not used. */
export interface ProxySettings {
  host: string;
  port: number;
  /** Spoken to by TLS itself. */
  secure: boolean;
  /** The header Proxy-Authorization. */
  authorization: string | null;
}

const TAKES = "http://host:port or https://host:port, with user:password@ where the proxy asks for it";

/** The proxy of `HTTPS_PROXY` for a host, null where there is none or `NO_PROXY` names the host. */
export function readProxy(
  environment: Environment,
  target: { host: string; port: number },
): ProxySettings | null {
  const text = textOf(environment, "HTTPS_PROXY", "https_proxy");
  if (text === null || isExempt(textOf(environment, "NO_PROXY", "no_proxy") ?? "", target)) return null;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !["http:", "https:"].includes(url.protocol) || url.hostname === "") {
    // What it got may hold a password.
    throw wrongSetting("HTTPS_PROXY", { takes: TAKES });
  }
  const secure = url.protocol === "https:";
  return {
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: url.port === "" ? (secure ? 443 : 80) : Number(url.port),
    secure,
    authorization: url.username === "" ? null : basicAuthorization(url),
  };
}

function basicAuthorization({ username, password }: URL): string {
  const decode = (part: string) => {
    try {
      return decodeURIComponent(part);
    } catch {
      throw wrongSetting("HTTPS_PROXY", { takes: `${TAKES}; user and password percent-encoded` });
    }
  };
  return `Basic ${Buffer.from(`${decode(username)}:${decode(password)}`).toString("base64")}`;
}
