/** The 16 bytes of an IPv6 address (RFC 4291, section 2.2); a zone is left out. */
export function ipv6Bytes(address: string): number[] {
  // URL writes every form in hexadecimal groups, the dotted one too.
  const { hostname } = new URL(`http://[${address.replace(/%.*$/, "")}]`);
  const [head = "", tail] = hostname.slice(1, -1).split("::");
  const first = groupsOf(head);
  const last = tail === undefined ? [] : groupsOf(tail);
  const groups = [...first, ...Array<number>(8 - first.length - last.length).fill(0), ...last];
  return groups.flatMap((group) => [group >> 8, group & 0xff]);
}

const groupsOf = (text: string) =>
  text === "" ? [] : text.split(":").map((group) => Number.parseInt(group, 16));
