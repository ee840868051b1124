import { createHash, randomBytes } from "node:crypto";
import { listenForCode } from "./loopback.ts";
import { type AuthorizationServer, CLIENT_ID, deviceName } from "./metadata.ts";
import { requestTokens, type TokenAnswer } from "./token-endpoint.ts";

interface BrowserSignIn {
  server: AuthorizationServer;
  certificateAuthority: string | null;
  /** Shows the person the address to open. */
  show: (address: string) => void;
}

const secret = () => randomBytes(32).toString("base64url");

/** Signs in by a browser on this machine: authorization code with PKCE (RFC 7636) on the loopback address (RFC 8252). */
export async function signInByBrowser({
  server,
  certificateAuthority,
  show,
}: BrowserSignIn): Promise<TokenAnswer> {
  const [state, verifier] = [secret(), secret()];
  const loopback = await listenForCode(state, server.issuer);
  let ended = "That did not work: the command line says why.";
  try {
    const { redirectUri } = loopback;
    const address = new URL(server.authorization_endpoint);
    const parameters = {
      response_type: "code",
      client_id: CLIENT_ID,
      redirect_uri: redirectUri,
      state,
      code_challenge: createHash("sha256").update(verifier).digest("base64url"),
      code_challenge_method: "S256",
      device_name: deviceName(),
    };
    for (const [name, value] of Object.entries(parameters)) address.searchParams.set(name, value);
    show(address.href);
    const code = await loopback.code;
    const tokens = await requestTokens(
      { url: server.token_endpoint, certificateAuthority },
      { grant_type: "authorization_code", code, redirect_uri: redirectUri, code_verifier: verifier },
    );
    ended = "You are signed in. Close this page and go on in the terminal.";
    return tokens;
  } finally {
    loopback.finish(ended);
  }
}
