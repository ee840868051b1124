import { describe, expect, test } from "vitest";
import { checkEndpoint } from "../endpoint.ts";
import { guardedLookup, refuseAddress } from "./address-policy.ts";

const STRICT = { allowLoopback: false, allowLinkLocal: false };

describe("an address", () => {
  test.each([
    ...[
      "127.0.0.1",
      "127.9.9.9",
      "0.0.0.0",
      "::1",
      "::",
      "::ffff:127.0.0.1",
      "::ffff:7f00:1",
      "64:ff9b::7f00:1",
    ],
    ...["169.254.169.254", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "fe80::1", "fd00:ec2::254"],
    ...[
      "100.100.100.200",
      "168.63.129.16",
      "192.0.0.192",
      "fd20:ce::254",
      "fd00:c1::a9fe:a9fe",
      "fd00:42::42",
    ],
    // IPv4-compatible and -translated, 6to4, NAT64's local prefix by each of its lengths, Teredo, ISATAP.
    ...["::127.0.0.1", "::ffff:0:127.0.0.1", "2002:7f00:1::", "2002:a9fe:a9fe::1"],
    ...[
      "64:ff9b:1::7f00:1",
      "64:ff9b:1:a9fe:a9:fe00::",
      "64:ff9b:1:a9:fe:a9fe::",
      "64:ff9b:1:0:a9:fea9:fe00::",
    ],
    ...["2001:0:7f00:1::", "2001::5601:5601", "2001:db8::5efe:127.0.0.1", "2001:db8::200:5efe:a9fe:a9fe"],
  ])("%s is refused", (address) => {
    expect(refuseAddress(address, STRICT)).toMatch(
      /clusters\.allow(Loopback|LinkLocal) \(KUBEWITNESS_CLUSTERS_ALLOW_\w+\) permits that$/,
    );
  });

  test.each([
    ...["10.0.0.1", "192.168.1.1", "192.0.2.1", "100.64.0.1", "2001:db8::1", "fd00::1", "fd20:ce::1"],
    ...["64:ff9b::c000:201", "64:ff9b:1::c000:201", "2002:c000:201::1", "2001:4860:4860::8888"],
  ])("%s is taken", (address) => {
    expect(refuseAddress(address, STRICT)).toBeNull();
  });

  test("is permitted by its own setting alone", () => {
    const loopback = { allowLoopback: true, allowLinkLocal: false };
    expect(refuseAddress("127.0.0.1", loopback)).toBeNull();
    expect(refuseAddress("169.254.169.254", loopback)).not.toBeNull();
    const linkLocal = { allowLoopback: false, allowLinkLocal: true };
    expect(refuseAddress("169.254.169.254", linkLocal)).toBeNull();
    expect(refuseAddress("127.0.0.1", linkLocal)).not.toBeNull();
  });
});

describe("an endpoint", () => {
  test.each([
    ["https://192.0.2.1:6443/", "https://192.0.2.1:6443"],
    ["https://192.0.2.1", "https://192.0.2.1"],
    ["https://192.0.2.1/k8s/clusters/c-1/", "https://192.0.2.1/k8s/clusters/c-1"],
    ["https://[2001:db8::1]:6443", "https://[2001:db8::1]:6443"],
    ["https://no-such-name.invalid", "https://no-such-name.invalid"],
  ])("%s is kept as %s", async (text, kept) => {
    expect(await checkEndpoint(text, STRICT)).toBe(kept);
  });

  test.each([
    ...["", "192.0.2.1:6443", "ftp://192.0.2.1", "https://user:pass@192.0.2.1", "https://192.0.2.1/?a=1"],
    ...["http://192.0.2.1", "https://127.0.0.1:6443", "https://localhost", "https://[::1]", "https://0x7f.1"],
    ...[
      "https://2130706433",
      "https://169.254.169.254",
      "https://[::ffff:127.0.0.1]",
      "https://[2002:7f00:1::]",
      "https://[fd20:ce::254]",
      "http://no-such-name.invalid",
    ],
  ])("%s is refused, and the error shows no password", async (text) => {
    const error = await checkEndpoint(text, STRICT).catch((each: Error) => each);
    expect(error).toMatchObject({ code: "invalid_argument", details: [{ field: "endpoint" }] });
    expect(String(error)).not.toContain("pass");
  });

  test("http is for this machine alone", async () => {
    const policy = { allowLoopback: true, allowLinkLocal: true };
    expect(await checkEndpoint("http://127.0.0.1:8001", policy)).toBe("http://127.0.0.1:8001");
    await expect(checkEndpoint("http://192.0.2.1", policy)).rejects.toThrow(/credentials go over TLS alone/);
  });
});

describe("a name at the moment of dialling", () => {
  const resolve = (name: string, all: boolean) =>
    new Promise((done, fail) =>
      guardedLookup(STRICT)(name, { all }, (error, address) => (error ? fail(error) : done(address))),
    );

  test.each([true, false])("that resolves to this machine is refused (all: %s)", async (all) => {
    await expect(resolve("localhost", all)).rejects.toMatchObject({ code: "unavailable" });
  });

  test("that does not resolve says so", async () => {
    await expect(resolve("no-such-name.invalid", true)).rejects.toThrow(/no-such-name\.invalid/);
  });
});
