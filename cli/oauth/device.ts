import { setTimeout } from "node:timers/promises";
import { Failure } from "../program/failure.ts";
import { type AuthorizationServer, deviceName } from "./metadata.ts";
import { postForm, requestTokens, type TokenAnswer, TokenRefusal } from "./token-endpoint.ts";

interface DeviceSignIn {
  server: AuthorizationServer;
  certificateAuthority: string | null;
  /** Shows the person where to go, and the code to type there. */
  show: (address: string, code: string) => void;
}

const INTERVAL_S = 5;
/** RFC 8628, section 3.5: so much more each time. */
const SLOWER_S = 5;

/** Signs in by a browser anywhere (RFC 8628). */
export async function signInByDevice({
  server,
  certificateAuthority,
  show,
}: DeviceSignIn): Promise<TokenAnswer> {
  const begun = await postForm(
    { url: server.device_authorization_endpoint, certificateAuthority },
    { device_name: deviceName() },
  );
  const { device_code, user_code, verification_uri, expires_in, interval } = begun;
  if (
    typeof device_code !== "string" ||
    typeof user_code !== "string" ||
    typeof verification_uri !== "string"
  )
    throw new Failure("failed", `${server.issuer} began no sign-in by a code.`);
  show(verification_uri, user_code);
  let seconds = typeof interval === "number" ? interval : INTERVAL_S;
  const until = Date.now() + Number(expires_in ?? 600) * 1000;
  const form = { grant_type: "urn:ietf:params:oauth:grant-type:device_code", device_code };
  while (Date.now() < until) {
    await setTimeout(seconds * 1000);
    try {
      return await requestTokens({ url: server.token_endpoint, certificateAuthority }, form);
    } catch (error) {
      if (isUnreachable(error)) continue;
      if (!(error instanceof TokenRefusal)) throw error;
      if (error.error === "slow_down") seconds += SLOWER_S;
      else if (error.error !== "authorization_pending") throw ended(error);
    }
  }
  throw new Failure("notSignedIn", "Nobody signed in with the code in time. Run it again.");
}

/** RFC 8628, section 3.5: a connection that fails does not end it. */
const isUnreachable = (error: unknown) => error instanceof Failure && error.reason === "unreachable";

function ended(refusal: TokenRefusal): Failure {
  if (refusal.error === "access_denied")
    return new Failure("refused", "The sign-in was refused in the browser.");
  if (refusal.error === "expired_token")
    return new Failure("notSignedIn", "Nobody signed in with the code in time. Run it again.");
  return new Failure("refused", `The installation refused the sign-in: ${refusal.message}`);
}
