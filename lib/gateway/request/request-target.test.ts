import { describe, expect, test } from "vitest";
import fc from "../../../test/properties.ts";
import { type RequestInfo, resolveRequestInfo } from "./request-info.ts";
import { ownsTarget, parseRequestTarget } from "./request-target.ts";

const at = (path: string) => `/k8s/clusters/prod${path}`;

describe("parseRequestTarget", () => {
  test.each([
    ["/api/v1/pods", ["api", "v1", "pods"], ""],
    ["/api/v1/pods?limit=500&continue=a%2Fb", ["api", "v1", "pods"], "?limit=500&continue=a%2Fb"],
    ["/", [], ""],
    ["", [], ""],
    ["/api/", ["api", ""], ""],
    ["/apis/", ["apis", ""], ""],
    ["/apis/rbac.authorization.k8s.io/v1/clusterroles/system:node", null, ""],
    ["/apis/rbac.authorization.k8s.io/v1/clusterroles/system%3Anode", null, ""],
    ["/apis/rbac.authorization.k8s.io/v1/roles/my%20role", null, ""],
    ["/api/v1/namespaces/a/services/web:http/proxy/", null, ""],
    ["/api/v1/namespaces/a/services/web/proxy/static/", null, ""],
    ["/api/v1/namespaces/proxy/services/proxy/proxy/static/", null, ""],
    ["/api/v1/namespaces/a/services/web/proxy/%2Fapi%2Fv1%2Fuser", null, ""],
    ["/api/v1/nodes/n1/proxy/a%5Cb%25c%7Ed%ff/", null, ""],
    ["/version/", ["version", ""], ""],
    ["/api/v1/", ["api", "v1", ""], ""],
    ["/apis/apps/", ["apis", "apps", ""], ""],
    ["/apis/apps/v1/", ["apis", "apps", "v1", ""], ""],
    ["/livez/", ["livez", ""], ""],
    ["/openapi/v3/", ["openapi", "v3", ""], ""],
    ["/openid/v1/jwks/", ["openid", "v1", "jwks", ""], ""],
    ["/.well-known/openid-configuration/", [".well-known", "openid-configuration", ""], ""],
    ["/api/v1/namespaces/a/configmaps/gr%C3%BC%C3%9Fe", null, ""],
  ])("takes %s", (path, segments, query) => {
    const target = parseRequestTarget(at(path));
    expect(target).toMatchObject({ cluster: "prod", query });
    if (segments !== null) expect(target).toMatchObject({ segments });
    const pathAsSent = path.split("?")[0] || "/";
    expect(target).toMatchObject({ path: pathAsSent });
  });

  test("without the prefix it is a cluster's whole path, for the token to say of which", () => {
    expect(parseRequestTarget("/api/v1/pods?limit=1")).toEqual({
      cluster: null,
      path: "/api/v1/pods",
      segments: ["api", "v1", "pods"],
      query: "?limit=1",
    });
  });

  test("decodes segments once", () => {
    expect(parseRequestTarget(at("/apis/x/v1/roles/system%3Anode%20b"))).toMatchObject({
      segments: ["apis", "x", "v1", "roles", "system:node b"],
    });
  });

  test.each([
    ["an empty first segment", "//k8s/clusters/prod/api"],
    ["an empty segment", at("//api/v1/pods")],
    ["an empty segment within", at("/api//v1/pods")],
    ["a parent segment", at("/api/v1/../v1/pods")],
    ["a parent segment at the end", at("/api/v1/pods/..")],
    ["a parent segment in place of the cluster", "/k8s/clusters/../clusters/prod/api"],
    ["a dot segment", at("/api/./v1/pods")],
    ["an encoded slash", at("/api/v1%2fpods")],
    ["an encoded slash, capital", at("/api/v1%2Fpods")],
    ["an encoded backslash", at("/api/v1%5cpods")],
    ["a backslash", at("/api/v1\\pods")],
    ["encoded dots", at("/api/v1/%2e%2e/pods")],
    ["an encoded dot", at("/api/v1/pods/a%2eb")],
    ["an encoded letter", at("/api/v1/namespaces/a/pods/b/%65xec")],
    ["an encoded letter in the cluster's name", "/k8s/clusters/%70rod/api"],
    ["an encoded letter in the prefix", "/%6b8s/clusters/prod/api"],
    ["an encoded percent sign", at("/api/v1/pods/a%2565xec")],
    ["an encoded NUL", at("/api/v1/pods/a%00")],
    ["an encoded line break", at("/api/v1/pods/a%0d%0ab")],
    ["a NUL", at("/api/v1/pods/a\0")],
    ["a space", at("/api/v1/pods/a b")],
    ["a raw high byte", at("/api/v1/pods/\u00e9")],
    ["a broken escape", at("/api/v1/pods/%zz")],
    ["a cut escape", at("/api/v1/pods/%4")],
    ["an escape that is not UTF-8", at("/api/v1/pods/%ff")],
    ["an overlong slash", at("/api/v1/pods/%c0%af")],
    ["a trailing slash", at("/api/v1/pods/")],
    ["a trailing slash after exec", at("/api/v1/namespaces/a/pods/b/exec/")],
    ["a fragment", at("/api/v1/pods#x")],
    ["absolute form", `http://prod${at("/api")}`],
    ["authority form", "prod:443"],
    ["asterisk form", "*"],
    ["the empty target", ""],
    ["what begins as the prefix does", "/k8s/other"],
    ["no cluster", "/k8s/clusters/"],
    ["another case", "/K8S/clusters/prod/api"],
    ["a control character in the query", at("/api?x=\u0001")],
    ["an escaped slash before proxy", at("/api/v1/namespaces/proxy/pods/x%2Fexec/proxy/y")],
    ["an escaped slash in a pod called proxy", at("/api/v1/namespaces/a/proxy/x%2Fexec")],
    ["an escaped slash in a namespace called proxy", at("/api/v1/namespaces/proxy/pods%2Fx/exec")],
    ["dots below proxy", at("/api/v1/namespaces/a/services/s/proxy/a/../b")],
    ["encoded dots below proxy", at("/api/v1/namespaces/a/services/s/proxy/%2e%2e/b")],
    ["dots between encoded slashes below proxy", at("/api/v1/namespaces/a/services/s/proxy/a%2F..%2Fb")],
    ["dots behind an encoded backslash below proxy", at("/api/v1/namespaces/a/services/s/proxy/a%5c..%5cb")],
    ["dots encoded twice below proxy", at("/api/v1/namespaces/a/services/s/proxy/a%252f%252e%252e%252fb")],
    ["a line break below proxy", at("/api/v1/namespaces/a/services/s/proxy/a%0d%0ab")],
  ])("refuses %s", (_what, target) => {
    expect(parseRequestTarget(target)).toHaveProperty("refused");
  });

  test("a refused target still tells which cluster was meant", () => {
    expect(parseRequestTarget(at("/api/v1/../pods"))).toMatchObject({ cluster: "prod" });
    expect(parseRequestTarget("http://evil/k8s/clusters/prod/api")).toMatchObject({ cluster: "" });
  });
});

test("whatever is taken reads the same to every reader", () => {
  const pieces = [
    "/",
    "//",
    ".",
    "..",
    "%2e",
    "%2E%2e",
    "%2f",
    "%5c",
    "\\",
    "%65",
    "%25",
    "%00",
    "%20",
    "%3A",
    "a",
    "api",
    "v1",
  ];
  const paths = fc.array(fc.constantFrom(...pieces, "pods", "exec", "proxy", ":", ";", "@", "#", " ", "é"), {
    maxLength: 12,
  });
  fc.assert(
    fc.property(paths, (parts) => {
      const target = parseRequestTarget(at(`/${parts.join("")}`));
      if ("refused" in target) return;
      const { path, segments } = target;
      // A WHATWG parser resolves dots, backslashes and empty hosts; Go's path.Clean resolves dots and empty segments.
      expect(new URL(`http://host${path}`).pathname).toBe(path);
      expect(decodeURIComponent(path).split("/").slice(1)).toEqual(segments.length === 0 ? [""] : segments);
      const inner = segments.at(-1) === "" ? segments.slice(0, -1) : segments;
      expect(inner.every((segment) => !["", ".", ".."].includes(segment) && !/[/\\\0]/.test(segment))).toBe(
        true,
      );
    }),
    { numRuns: 5000 },
  );
});

test("what goes to a proxied program is a proxied program's to a server that decodes first, as kube-apiserver does", () => {
  const pieces = ["/", "%2f", "%2F", "%5C", "%25", "%252e", "..", "a", "proxy", "exec", "pods", "s"];
  const tail = fc.array(fc.constantFrom(...pieces), { maxLength: 8 }).map((parts) => parts.join(""));
  const ofKubernetes = ({ path: _path, parts: _parts, ...info }: RequestInfo) => info;
  fc.assert(
    fc.property(tail, tail, (name, proxied) => {
      const target = parseRequestTarget(at(`/api/v1/namespaces/a/services/s${name}/proxy/${proxied}`));
      if ("refused" in target) return;
      const decoded = decodeURIComponent(target.path).slice(1).split("/");
      const read = (segments: readonly string[]) =>
        ofKubernetes(resolveRequestInfo({ method: "GET", segments, query: "" }));
      expect(read(target.segments)).toEqual(read(decoded));
    }),
    { numRuns: 5000 },
  );
});

test("what is the gateway's to answer", () => {
  const owned = ["/k8s/clusters/a", "/k8s", "//k8s/x", "/K8S/x", "http://x/k8s/", "*", "//api"];
  expect(owned.filter(ownsTarget)).toEqual(owned);
  expect(["/", "/api/v1/token", "/k8sx", "/_next/static"].filter(ownsTarget)).toEqual([]);
});
