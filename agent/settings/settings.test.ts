import { describe, expect, test } from "vitest";
import { isExempt } from "./no-proxy.ts";
import { readSettings } from "./settings.ts";

const enough = {
  KUBEWITNESS_URL: "https://gateway.example:8443",
  KUBEWITNESS_JOIN_TOKEN: `kwj_${"s".repeat(43)}.${"p".repeat(43)}`,
  KUBERNETES_API_SERVER: "https://10.0.0.1:6443",
  HOME: "/home/anna",
};

describe("settings", () => {
  test("three variables are enough outside Kubernetes", () => {
    expect(readSettings(enough)).toMatchObject({
      gateway: { host: "gateway.example", port: 8443, proxy: null },
      joinToken: { secret: "s".repeat(43), pin: "p".repeat(43) },
      apiServer: { host: "10.0.0.1", port: 6443 },
      mode: "gateway",
      name: null,
      tags: [],
      state: { kind: "folder" },
      listen: { host: "127.0.0.1", port: 9808 },
      drainSeconds: 60,
    });
  });

  test("within Kubernetes the API server is known", () => {
    const { KUBERNETES_API_SERVER: _, ...rest } = enough;
    const pod = { ...rest, KUBERNETES_SERVICE_HOST: "fd00::1", KUBERNETES_SERVICE_PORT: "443" };
    expect(readSettings(pod).apiServer).toMatchObject({ host: "fd00::1", port: 443 });
  });

  test.each([
    [
      "KUBEWITNESS_URL",
      "http://gateway.example",
      'KUBEWITNESS_URL got "http://gateway.example": takes the gateway\'s address, https://host:port',
    ],
    ["KUBEWITNESS_URL", "", "KUBEWITNESS_URL: takes the gateway's address, https://host:port"],
    [
      "KUBEWITNESS_JOIN_TOKEN",
      "kwj_secret",
      "KUBEWITNESS_JOIN_TOKEN: takes a join token whole, as the page Agents shows it: kwj_ and 43 or 87 characters; it got 10 characters",
    ],
    [
      "KUBERNETES_API_SERVER",
      "https://a:1/path",
      'KUBERNETES_API_SERVER got "https://a:1/path": takes https://host:port, without a path',
    ],
    [
      "KUBERNETES_API_SERVER",
      "",
      "KUBERNETES_API_SERVER: takes the API server's address, https://host:port; it is not set, and this is no pod of Kubernetes",
    ],
    [
      "KUBERNETES_CA_FILE",
      "/nowhere",
      'KUBERNETES_CA_FILE got "/nowhere": takes a file that can be read, with certificates in PEM',
    ],
    ["KUBEWITNESS_AGENT_NAME", "a b", 'KUBEWITNESS_AGENT_NAME got "a b": takes 1 to 63 letters, digits'],
    ["KUBEWITNESS_AGENT_TAGS", "eu,no way", 'KUBEWITNESS_AGENT_TAGS got "eu,no way": takes at most 16 tags'],
    ["KUBEWITNESS_AGENT_MODE", "both", 'KUBEWITNESS_AGENT_MODE got "both": takes gateway or agent'],
    [
      "KUBEWITNESS_AGENT_STATE",
      "secret:a/b/c",
      'KUBEWITNESS_AGENT_STATE got "secret:a/b/c": takes the path of a folder',
    ],
    [
      "KUBEWITNESS_AGENT_LISTEN",
      "8080",
      'KUBEWITNESS_AGENT_LISTEN got "8080": takes host:port, or :port for every address',
    ],
    [
      "KUBEWITNESS_AGENT_DRAIN_SECONDS",
      "1m",
      'KUBEWITNESS_AGENT_DRAIN_SECONDS got "1m": takes a whole number from 0 to 3600',
    ],
  ])("names %s with what it got and takes (%s)", (name, value, message) => {
    expect(() => readSettings({ ...enough, [name]: value })).toThrow(message);
  });

  test("names a proxy without its password", () => {
    const read = () => readSettings({ ...enough, HTTPS_PROXY: "socks5://anna:secret@proxy:1080" });
    expect(read).toThrow("HTTPS_PROXY: takes http://host:port or https://host:port");
    expect(read).not.toThrow("secret");
  });

  test.each([
    [":8080", { host: "::", port: 8080 }],
    ["0.0.0.0:80", { host: "0.0.0.0", port: 80 }],
    ["[::1]:8080", { host: "::1", port: 8080 }],
  ])("listens on %s", (text, listen) => {
    expect(readSettings({ ...enough, KUBEWITNESS_AGENT_LISTEN: text }).listen).toEqual(listen);
  });
});

describe("NO_PROXY", () => {
  const target = (host: string, port = 8443) => ({ host, port });
  test.each([
    ["*", target("a.example")],
    ["a.example", target("a.example")],
    ["example", target("a.example")],
    [".example", target("A.Example")],
    ["*.example", target("a.example")],
    ["b, a.example:8443", target("a.example")],
    ["10.0.0.0/8", target("10.1.2.3")],
    ["10.1.2.3", target("10.1.2.3")],
    ["[fd00::1]:8443", target("fd00::1")],
    ["fd00::/8", target("fd00::1")],
  ])("%s is for %o", (noProxy, host) => {
    expect(isExempt(noProxy, host)).toBe(true);
  });
  test.each([
    ["", target("a.example")],
    ["ample", target("a.example")],
    ["a.example:443", target("a.example")],
    ["10.0.0.0/8", target("11.1.2.3")],
    ["10.0.0.0/99", target("10.1.2.3")],
    [".", target("a.example")],
  ])("%s is not for %o", (noProxy, host) => {
    expect(isExempt(noProxy, host)).toBe(false);
  });
});
