import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Failure } from "../program/failure.ts";

export interface Loopback {
  /** RFC 8252, section 7.3: any port of the loopback address. */
  redirectUri: string;
  /** What the browser came back with; the page that it shows waits for `finish`. */
  code: Promise<string>;
  /** Shows the person how it ended, and closes. */
  finish(text: string): void;
}

const WAIT_MS = 10 * 60_000;

/** Waits on the loopback address for the browser to come back with the state that it was sent with. */
export async function listenForCode(state: string, issuer: string): Promise<Loopback> {
  const waiting: ServerResponse[] = [];
  let settle: { resolve: (code: string) => void; reject: (error: Failure) => void };
  const code = new Promise<string>((resolve, reject) => {
    settle = { resolve, reject };
  });
  // Who listens for it may come later.
  code.catch(() => {});
  const server = createServer((request, response) => {
    const asked = URL.parse(`http://127.0.0.1${request.url}`);
    if (request.method !== "GET" || asked?.pathname !== "/callback")
      return answer(response, 404, "Nothing is here.");
    const { searchParams } = asked;
    // Anybody on this machine can send a browser here: what does not know the state changes nothing.
    if (searchParams.get("state") !== state)
      return answer(response, 400, "This is not the sign-in that the command line waits for.");
    // RFC 9207: an answer of another server is not for this one.
    const from = searchParams.get("iss");
    if (from !== null && from !== issuer)
      return answer(response, 400, "This is the answer of another installation.");
    waiting.push(response);
    const given = searchParams.get("code");
    if (given !== null) return settle.resolve(given);
    settle.reject(refusal(searchParams.get("error") ?? "", searchParams.get("error_description")));
  });
  await new Promise<void>((resolve) => server.listen({ host: "127.0.0.1", port: 0 }, resolve));
  const timer = setTimeout(
    () => settle.reject(new Failure("notSignedIn", "Nobody signed in within ten minutes. Run it again.")),
    WAIT_MS,
  );
  return {
    redirectUri: `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback`,
    code,
    finish(text) {
      clearTimeout(timer);
      for (const response of waiting) answer(response, 200, text);
      server.close();
      server.closeIdleConnections();
    },
  };
}

function refusal(error: string, description: string | null): Failure {
  if (error === "access_denied") return new Failure("refused", "The sign-in was refused in the browser.");
  return new Failure("refused", `The installation refused the sign-in: ${description ?? error}`);
}

function answer(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    Connection: "close",
  });
  const escaped = text.replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  response.end(
    `<!doctype html><html lang="en"><title>Kubewitness</title><meta name="color-scheme" content="dark light"><body style="font: 16px system-ui; margin: 20vh auto; max-width: 30em; padding: 0 1em"><p>${escaped}</p>`,
  );
}
