import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { AppError } from "../errors.ts";
import { showValue } from "../names/shown-value.ts";
import { type AddressPolicy, refuseAddress } from "./addresses/address-policy.ts";
import { ENDPOINT_FORM, isEndpoint } from "./schema.ts";

/**
 * Reads the address of an API server: https without credentials, query or fragment; http only where it is this machine and the
 * configuration says so. Normalised to have no trailing slash.
 * @throws AppError `invalid_argument` that says what it takes.
 */
export async function checkEndpoint(text: string, policy: AddressPolicy): Promise<string> {
  if (!isEndpoint(text)) return refuse(text, ENDPOINT_FORM);
  const url = new URL(text);
  const addresses = await addressesOf(url.hostname.replace(/^\[|\]$/g, ""));
  const reason = addresses.map((address) => refuseAddress(address, policy)).find((each) => each !== null);
  if (reason) return refuse(text, `an address that may be called: ${reason}`);
  if (url.protocol === "http:" && !(addresses.length > 0 && addresses.every(isThisMachine))) {
    return refuse(text, "https: credentials go over TLS alone");
  }
  return url.href.replace(/\/+$/, "");
}

/**
 * The address of a cluster as it is kept: one that may be called from here, or, where only an agent reaches it, the name that the API server's
 * certificate has, which nothing here resolves. @throws AppError `invalid_argument` that says what it takes.
 */
export async function checkReach(
  { connection, endpoint }: { connection: string; endpoint: string },
  policy: AddressPolicy,
): Promise<string> {
  return connection === "tunnel" ? checkTunnelEndpoint(endpoint) : checkEndpoint(endpoint, policy);
}

function checkTunnelEndpoint(text: string): string {
  if (!isEndpoint(text)) return refuse(text, ENDPOINT_FORM);
  const url = new URL(text);
  if (url.protocol === "http:") return refuse(text, "https, such as https://kubernetes.default.svc");
  return url.href.replace(/\/+$/, "");
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
  throw new AppError("invalid_argument", `endpoint: got ${shown}; takes ${takes}`, {
    details: [{ field: "endpoint", got: shown, takes }],
  });
}
