import { isIP } from "node:net";
import { config } from "../../../config.ts";

/** Whom passkeys are made for: the console as browsers reach it. */
export interface RelyingParty {
  /** Its host name: a passkey counts for it alone (Web Authentication Level 3, section 5.1.2). */
  id: string;
  origin: string;
}

/** Why there can be no passkeys here; null where there can. */
export function whyNoPasskeys(publicUrl = config().publicUrl): string | null {
  const { hostname, protocol } = new URL(publicUrl);
  if (isIP(hostname.replace(/^\[|\]$/g, "")) !== 0) {
    return `Passkeys need a host name, and this console is reached at the address ${hostname}: set publicUrl (KUBEWITNESS_PUBLIC_URL) to a name. localhost is one.`;
  }
  if (protocol !== "https:" && hostname !== "localhost" && !hostname.endsWith(".localhost")) {
    return `Browsers have passkeys for https alone, and this console is reached at ${publicUrl}. localhost does without.`;
  }
  return null;
}

export function relyingParty(): RelyingParty {
  const { publicUrl } = config();
  return { id: new URL(publicUrl).hostname, origin: publicUrl };
}
