import { BlockList, isIP } from "node:net";

/**
 * Whether `NO_PROXY` names a host, as curl and Go read it: names with their subdomains, addresses, ranges (`10.0.0.0/8`), each with a port
 * or without, and `*`; separated by commas or spaces.
 */
export function isExempt(noProxy: string, { host, port }: { host: string; port: number }): boolean {
  const entries = noProxy
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean);
  return entries.some((entry) => entry === "*" || covers(entry, host.toLowerCase(), port));
}

function covers(entry: string, host: string, port: number): boolean {
  const [, bracketed, plain = "", onlyPort] = /^(?:\[(.+)\]|([^:]*))(?::(\d+))?$/.exec(entry) ?? [
    undefined,
    undefined,
    entry,
  ];
  if (onlyPort !== undefined && Number(onlyPort) !== port) return false;
  const pattern = bracketed ?? plain;
  if (isIP(host) !== 0) return coversAddress(pattern, host);
  const suffix = pattern.replace(/^\*?\.?/, "");
  return suffix !== "" && (host === suffix || host.endsWith(`.${suffix}`));
}

function coversAddress(pattern: string, address: string): boolean {
  const [network = "", bits] = pattern.split("/");
  const family = isIP(network);
  if (family === 0 || family !== isIP(address)) return false;
  const longest = family === 4 ? 32 : 128;
  const prefix = bits === undefined ? longest : Number(bits);
  if (!Number.isInteger(prefix) || prefix < 0 || prefix > longest) return false;
  const type = family === 4 ? "ipv4" : "ipv6";
  const list = new BlockList();
  list.addSubnet(network, prefix, type);
  return list.check(address, type);
}
