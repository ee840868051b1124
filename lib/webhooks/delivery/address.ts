import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { type AddressPolicy, refuseAddress } from "../../clusters/addresses/address-policy.ts";
import { config } from "../../config.ts";
import { AppError } from "../../errors.ts";
import { showValue } from "../../names/shown-value.ts";

/** Which addresses a webhook may have: those of clusters, by settings of its own. */
export function webhookAddresses(): AddressPolicy {
  return {
    ...config().webhooks,
    of: {
      what: "The webhook",
      allowLoopback: "webhooks.allowLoopback (KUBEWITNESS_WEBHOOKS_ALLOW_LOOPBACK)",
      allowLinkLocal: "webhooks.allowLinkLocal (KUBEWITNESS_WEBHOOKS_ALLOW_LINK_LOCAL)",
    },
  };
}

/**
 * Reads the address of a webhook: https without credentials or fragment; http only to this machine where webhooks.allowLoopback permits it.
 * @throws AppError `invalid_argument` of the field `url`.
 */
export async function checkWebhookUrl(text: string): Promise<string> {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !["http:", "https:"].includes(url.protocol)) return refuse(text, "an https address");
  if (url.username !== "" || url.password !== "" || url.hash !== "")
    return refuse(url.origin, "an address without a password or a fragment: what is sent is signed");
  const addresses = await addressesOf(url.hostname.replace(/^\[|\]$/g, ""));
  const reason = addresses
    .map((address) => refuseAddress(address, webhookAddresses()))
    .find((each) => each !== null);
  if (reason) return refuse(text, `an address that may be called: ${reason}`);
  if (url.protocol === "http:" && !(addresses.length > 0 && addresses.every(isThisMachine)))
    return refuse(text, "https");
  return url.href;
}

/**
 * The same of a host alone, for what is no web address.
 * @throws AppError `invalid_argument` of the field `host`.
 */
export async function checkHost(host: string): Promise<void> {
  const reason = (await addressesOf(host.replace(/^\[|\]$/g, "")))
    .map((address) => refuseAddress(address, webhookAddresses()))
    .find((each) => each !== null);
  if (!reason) return;
  const [got, takes] = [showValue(host), `a host that may be called: ${reason}`];
  throw new AppError("invalid_argument", `host: got ${got}; takes ${takes}`, {
    details: [{ field: "host", got, takes }],
  });
}

const isThisMachine = (address: string) =>
  refuseAddress(address, { allowLoopback: false, allowLinkLocal: true }) !== null;

/** A name that cannot be resolved now may be later: it is checked again at each connection. */
async function addressesOf(host: string): Promise<string[]> {
  if (isIP(host) !== 0) return [host];
  try {
    return (await lookup(host, { all: true })).map(({ address }) => address);
  } catch {
    return [];
  }
}

function refuse(got: string, takes: string): never {
  const shown = showValue(got);
  throw new AppError("invalid_argument", `url: got ${shown}; takes ${takes}`, {
    details: [{ field: "url", got: shown, takes }],
  });
}
