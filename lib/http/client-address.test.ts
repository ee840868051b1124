import { describe, expect, test } from "vitest";
import { createClientAddressReader } from "./client-address.ts";

describe("createClientAddressReader", () => {
  const read = createClientAddressReader(["10.0.0.0/8", "192.0.2.7", "2001:db8::/32"]);

  test.each([
    ["nobody in between", "203.0.113.9", undefined, "203.0.113.9"],
    ["a stranger's own header", "203.0.113.9", "198.51.100.1", "203.0.113.9"],
    ["one trusted proxy", "10.1.2.3", "203.0.113.9", "203.0.113.9"],
    ["two trusted proxies", "10.1.2.3", "203.0.113.9, 192.0.2.7", "203.0.113.9"],
    ["what the client put before", "10.1.2.3", "127.0.0.1, 1.1.1.1, 203.0.113.9", "203.0.113.9"],
    ["only trusted hops", "10.1.2.3", "10.0.0.1, 10.0.0.2", "10.0.0.1"],
    ["text that is no address", "10.1.2.3", "unknown", "10.1.2.3"],
    ["text that is no address behind a proxy", "10.1.2.3", "x, 10.0.0.9", "10.0.0.9"],
    ["an empty header", "10.1.2.3", "", "10.1.2.3"],
    ["IPv4 in IPv6", "::ffff:10.1.2.3", "::ffff:203.0.113.9", "203.0.113.9"],
    ["IPv6", "2001:db8::1", "2001:DB9::5", "2001:db9::5"],
    ["IPv6 in brackets with a port", "2001:db8::1", "[2001:db9::5]:1234", "2001:db9::5"],
    ["IPv4 with a port", "10.1.2.3", "203.0.113.9:5555", "203.0.113.9"],
  ])("%s", (_what, peer, forwarded, expected) => {
    expect(read(peer, forwarded)).toBe(expected);
  });

  test("without trusted proxies no header counts; a socket that is gone has no address", () => {
    const strict = createClientAddressReader([]);
    expect(strict("10.1.2.3", "203.0.113.9")).toBe("10.1.2.3");
    expect(strict(undefined, "203.0.113.9")).toBeNull();
  });
});
