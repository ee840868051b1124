import { lookup as resolve } from "node:dns";
import { BlockList, isIP, type LookupFunction } from "node:net";
import { AppError } from "../../errors.ts";
import { embeddedAddresses } from "./embedded-addresses.ts";

/** Which addresses may be called: a cluster's API server by clusters.allowLoopback and clusters.allowLinkLocal, a webhook by its own settings. */
export interface AddressPolicy {
  allowLoopback: boolean;
  allowLinkLocal: boolean;
  /** What is called, and which settings permit more, for words about it: a cluster, where it is left out. */
  of?: Called;
}

/** What an address belongs to. */
export interface Called {
  /** "The cluster" */
  what: string;
  allowLoopback: string;
  allowLinkLocal: string;
}

const CLUSTER: Called = {
  what: "The cluster",
  allowLoopback: "clusters.allowLoopback (KUBEWITNESS_CLUSTERS_ALLOW_LOOPBACK)",
  allowLinkLocal: "clusters.allowLinkLocal (KUBEWITNESS_CLUSTERS_ALLOW_LINK_LOCAL)",
};

// Whoever may name an address that the gateway calls could reach what only this machine reaches: its own ports, and the cloud's
// metadata service, which hands out credentials. IPv4 addresses inside IPv6 ones are meant too.
const LOOPBACK = blockList([
  ["127.0.0.0", 8],
  ["0.0.0.0", 8],
  ["::1", 128],
  ["::", 128],
]);
const LINK_LOCAL = blockList([
  ["169.254.0.0", 16],
  ["fe80::", 10],
  // Metadata services elsewhere: Alibaba, Azure, Oracle (classic); on IPv6 AWS, Google, Oracle, Scaleway.
  ["100.100.100.200", 32],
  ["168.63.129.16", 32],
  ["192.0.0.192", 32],
  ["fd00:ec2::", 32],
  ["fd20:ce::254", 128],
  ["fd00:c1::a9fe:a9fe", 128],
  ["fd00:42::42", 128],
]);

function blockList(ranges: readonly (readonly [string, number])[]): BlockList {
  const list = new BlockList();
  for (const [address, bits] of ranges) list.addSubnet(address, bits, familyOf(address));
  return list;
}

function familyOf(address: string): "ipv4" | "ipv6" {
  return isIP(address) === 6 ? "ipv6" : "ipv4";
}

/** Why the address may not be called; null where it may. */
export function refuseAddress(address: string, policy: AddressPolicy): string | null {
  const { allowLoopback, allowLinkLocal } = policy.of ?? CLUSTER;
  const meant = [address, ...embeddedAddresses(address)];
  if (!policy.allowLoopback && meant.some(isIn(LOOPBACK))) {
    return `${address} is this machine itself; ${allowLoopback} permits that`;
  }
  if (!policy.allowLinkLocal && meant.some(isIn(LINK_LOCAL))) {
    return `${address} is link-local or a metadata service; ${allowLinkLocal} permits that`;
  }
  return null;
}

/** `unavailable`: at this address nothing may be called. */
export class AddressRefused extends AppError {
  constructor({ of: called = CLUSTER }: AddressPolicy, reason: string) {
    super("unavailable", `${called.what} cannot be called: ${reason}.`);
  }
}

const isIn = (list: BlockList) => (address: string) => list.check(address, familyOf(address));

/** @throws AddressRefused where the host is an address that may not be called. Names are checked when they are resolved. */
export function requirePermittedHost(host: string, policy: AddressPolicy): void {
  const address = host.replace(/^\[|\]$/g, "");
  const reason = isIP(address) === 0 ? null : refuseAddress(address, policy);
  if (reason) throw new AddressRefused(policy, reason);
}

/**
 * Resolves names for a connection, and refuses it where any of the addresses may not be called: the answer when a cluster is
 * registered says nothing of the answer when it is dialled (DNS rebinding). Node calls no lookup for literal addresses.
 */
export function guardedLookup(policy: AddressPolicy): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, "", 0);
      const reason = addresses
        .map(({ address }) => refuseAddress(address, policy))
        .find((each) => each !== null);
      if (reason) return callback(new AddressRefused(policy, `${hostname}: ${reason}`), "", 0);
      if (options.all) return callback(null, addresses);
      const [first] = addresses;
      if (first) callback(null, first.address, first.family);
      else callback(new Error(`${hostname} has no address`), "", 0);
    });
  };
}
