import { hostname } from "node:os";
import { parseJson, readText, send } from "../http/send.ts";
import { Failure } from "../program/failure.ts";

/** What of RFC 8414 (and 8628) a sign-in needs. */
export interface AuthorizationServer {
  issuer: string;
  authorization_endpoint: string;
  token_endpoint: string;
  revocation_endpoint: string;
  device_authorization_endpoint: string;
}

/** This program, as the installation knows it. It has no secret: PKCE and the loopback address stand for one. */
export const CLIENT_ID = "kubewitness-cli";

/** What this machine is called in the list of one's logins: at most 64 characters, as the installation takes it. */
export const deviceName = (): string =>
  hostname()
    .replace(/[^\x21-\x7e]/g, "")
    .slice(0, 64) || "unnamed";

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** Reads what was typed as an address: `audit.example.com` is https. @throws Failure `usage` */
export function readAddress(text: string, { allowHttp }: { allowHttp: boolean }): string {
  const url = URL.parse(/^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `https://${text}`);
  if (url === null || !["https:", "http:"].includes(url.protocol) || url.username || url.password)
    throw new Failure(
      "usage",
      `The URL got ${JSON.stringify(text)}: takes the console's address, such as https://audit.example.com`,
    );
  if (url.protocol === "http:" && !LOOPBACK.test(url.hostname) && !allowHttp)
    throw new Failure(
      "usage",
      `${url.origin} is not encrypted: everyone on the way could use your sign-in. Use https://, or --allow-http where you know the way.`,
    );
  return `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
}

/**
 * Asks an installation where one signs in (RFC 8414, section 3).
 * @throws Failure that says what is wrong with the address: not there, not Kubewitness, another than it calls itself.
 */
export async function discover(
  url: string,
  certificateAuthority: string | null,
): Promise<AuthorizationServer> {
  const { origin, pathname } = new URL(url);
  const path = pathname === "/" ? "" : pathname;
  const address = new URL(`${origin}${path}/.well-known/oauth-authorization-server`);
  const answer = await send({ url: address, certificateAuthority, headers: { Accept: "application/json" } });
  const { statusCode = 0, headers } = answer;
  if (statusCode >= 300 && statusCode < 400) {
    answer.resume();
    const target = URL.parse(headers.location ?? "", address)?.origin ?? "elsewhere";
    throw new Failure(
      "unreachable",
      `${url} leads on to ${target}. If that is the console, run: kubewitness login ${target}`,
    );
  }
  const found = parseJson(await readText(address, answer)) as Partial<AuthorizationServer> | undefined;
  if (statusCode >= 500)
    throw new Failure("failed", `${url} answers ${statusCode}. Try again, or tell whoever runs it.`);
  if (typeof found?.issuer !== "string" || typeof found.token_endpoint !== "string")
    throw new Failure(
      "unreachable",
      `${url} is not Kubewitness (${statusCode} for ${address.pathname}). Use the address of the console, as in the browser.`,
    );
  if (found.issuer !== url)
    throw new Failure(
      "unreachable",
      `${url} calls itself ${found.issuer}. Run: kubewitness login ${found.issuer}`,
    );
  return checked(url, found);
}

/** Tokens go nowhere but to the installation that one has named. */
function checked(url: string, found: Partial<AuthorizationServer>): AuthorizationServer {
  const endpoints = [
    "authorization_endpoint",
    "token_endpoint",
    "revocation_endpoint",
    "device_authorization_endpoint",
  ] as const;
  for (const endpoint of endpoints) {
    const given = found[endpoint];
    if (typeof given !== "string")
      throw new Failure(
        "failed",
        `${url} takes no sign-in of the command line (no ${endpoint}): it is an older version. Tell whoever runs it.`,
      );
    if (URL.parse(given)?.origin !== new URL(url).origin)
      throw new Failure(
        "failed",
        `${url} names an ${endpoint} of another origin, which is not followed. Tell whoever runs it.`,
      );
  }
  return found as AuthorizationServer;
}
