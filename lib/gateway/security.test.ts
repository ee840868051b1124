import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type ApiServer, startApiServer } from "./testing/api-server.ts";
import { until } from "./testing/memory-recorder.ts";
import { connectRaw, exchange } from "./testing/raw-client.ts";
import { decideAs } from "./testing/real-decisions.ts";
import { send } from "./testing/request.ts";
import { ALICE, ALICE_TOKEN, allow, startTestGateway, type TestGateway } from "./testing/test-gateway.ts";
import { EXEC, spdyHead, webSocketHead } from "./testing/upgrade-heads.ts";

// What must not be possible, at the gateway's own sockets, whoever reads what comes on them. Every attempt is on the record.

describe.each(["front", "node"] as const)("read by %s", (readBy) => {
  let api: ApiServer;
  let other: ApiServer;
  let gateway: TestGateway;

  beforeAll(async () => {
    [api, other, gateway] = await Promise.all([
      startApiServer(),
      startApiServer(),
      startTestGateway({ readBy }),
    ]);
    gateway.addCluster("prod", api.upstream);
    gateway.addCluster("other", other.upstream);
  });
  beforeEach(() => {
    gateway.recorder.clear();
    gateway.decide = allow;
    api.seen.length = 0;
    other.seen.length = 0;
  });
  afterAll(async () => {
    await gateway.close();
    await Promise.all([api.close(), other.close()]);
  });

  const IDENTITY = { "impersonate-user": ALICE.email, "impersonate-group": "developers, team-a" };

  function raw(lines: string[], { path = "/api/v1/pods", method = "GET", body = "" } = {}): Promise<string> {
    const head = [`${method} /k8s/clusters/prod${path} HTTP/1.1`, ...lines].join("\r\n");
    return exchange(gateway.port, `${head}\r\n\r\n${body}`, "latin1");
  }
  const SIGNED_IN = ["Host: gateway", `Authorization: Bearer ${ALICE_TOKEN}`, "Connection: close"];

  describe("headers that Connection names (CVE-2021-31999)", () => {
    test.each([
      "Impersonate-User",
      "close, Impersonate-User, Impersonate-Group",
      "keep-alive, authorization",
      "impersonate-user, x-forwarded-for, audit-id",
    ])("Connection: %s takes nothing of the gateway's away", async (connection) => {
      const answer = await send({
        port: gateway.port,
        path: "prod/api/v1/pods",
        headers: { Connection: connection },
      });
      expect(answer.status).toBe(200);
      expect(api.seen[0]?.headers).toMatchObject({ ...IDENTITY, authorization: "Bearer gateway-credential" });
      expect(api.seen[0]?.headers["x-forwarded-for"]).toBe("127.0.0.1");
    });

    test("and in several lines; what is named of the client's own goes no further", async () => {
      await raw([...SIGNED_IN, "Connection: X-Hop", "X-Hop: 1", "Connection: Impersonate-User", "X-End: 2"]);
      expect(api.seen[0]?.headers).toMatchObject({ ...IDENTITY, "x-end": "2" });
      expect(api.seen[0]?.headers).not.toHaveProperty("x-hop");
    });
  });

  describe("impersonation by the client", () => {
    const asMany = (name: string, count: number) => [
      "Impersonate-User: bob",
      ...Array.from({ length: count }, (_, index) => `Impersonate-Group: ${name}${index}`),
    ];
    const asked = (...lines: string[]) => raw([...SIGNED_IN, ...lines]);

    test.each([
      ["a group without a user", ["Impersonate-Group: system:masters"]],
      ["two users", ["Impersonate-User: bob", "Impersonate-User: carol"]],
      ["two users in odd case", ["impersonate-user: bob", "IMPERSONATE-USER: carol"]],
      ["a group in odd case without a user", ["iMpErSoNaTe-GrOuP: system:masters"]],
      ["a Uid", ["Impersonate-User: bob", "Impersonate-Uid: 1"]],
      ["an Extra", ["Impersonate-User: bob", "Impersonate-Extra-Scopes: admin"]],
      ["an unknown header of that family", ["Impersonate-User: bob", "Impersonate-Foo: x"]],
      ["an underscore", ["Impersonate_User: bob"]],
      ["an empty user", ["Impersonate-User: "]],
      ["an empty group", ["Impersonate-User: bob", "Impersonate-Group: "]],
      ["a tab in a name", ["Impersonate-User: bob\tby"]],
      ["more groups than the record keeps", asMany("g", 64).concat("Impersonate-Group: system:masters")],
      ["groups longer than the record keeps", asMany("g".repeat(100), 20)],
      ["a user longer than the record keeps", [`Impersonate-User: ${"u".repeat(513)}`]],
      ["a name that is no UTF-8", ["Impersonate-User: bob", "Impersonate-Group: \xa0system:masters"]],
    ])("%s is refused and recorded", async (_what, lines) => {
      expect(await asked(...lines)).toMatch(/^HTTP\/1\.1 403 [\s\S]*impersonation is forbidden/);
      expect(gateway.recorder.entries).toMatchObject([{ httpStatus: 403, result: "failure", role: null }]);
      expect(api.seen).toEqual([]);
    });

    test("not permitted by the role is refused and recorded with what was asked", async () => {
      gateway.decide = decideAs("developer");
      expect(await asked("Impersonate-User: bob", "Impersonate-Group: ops")).toMatch(/^HTTP\/1\.1 403 /);
      expect(gateway.recorder.entries).toMatchObject([
        { httpStatus: 403, impersonatedUser: "bob", impersonatedGroups: ["ops"] },
      ]);
      expect(api.seen).toEqual([]);
    });

    test("permitted by the role is forwarded as that identity, both recorded", async () => {
      gateway.decide = decideAs("cluster-admin");
      expect(
        await asked("Impersonate-User: bob", "Impersonate-Group: ops", "Impersonate-Group: dev"),
      ).toMatch(/ 200 /);
      expect(api.seen[0]?.headers).toMatchObject({
        "impersonate-user": "bob",
        "impersonate-group": "ops, dev",
      });
      expect(gateway.recorder.entries).toMatchObject([
        {
          impersonatedUser: "bob",
          impersonatedGroups: ["ops", "dev"],
          kubernetesGroups: ["ops", "dev"],
          actor: { email: ALICE.email },
        },
      ]);
    });

    test("all groups are on the record, as many as are taken", async () => {
      gateway.decide = decideAs("cluster-admin");
      expect(await asked(...asMany("g", 63), "Impersonate-Group: the-one-that-counts")).toMatch(/ 200 /);
      const [entry] = gateway.recorder.entries;
      expect(entry?.impersonatedGroups).toHaveLength(64);
      expect(entry?.impersonatedGroups.at(-1)).toBe("the-one-that-counts");
    });

    test("a name with a comma is one name", async () => {
      gateway.decide = decideAs("cluster-admin");
      await asked("Impersonate-User: bob, system:admin");
      expect(gateway.decisions.at(-1)?.impersonation).toEqual({ user: "bob, system:admin", groups: [] });
    });

    test("names beyond ASCII reach the cluster as UTF-8", async () => {
      await exchange(
        gateway.port,
        Buffer.from(
          `GET /k8s/clusters/prod/api/v1/pods HTTP/1.1\r\n${SIGNED_IN.join("\r\n")}\r\nImpersonate-User: zoë\r\n\r\n`,
        ).toString("latin1"),
        "latin1",
      );
      expect(gateway.decisions.at(-1)?.impersonation?.user).toBe("zoë");
      expect(Buffer.from(api.seen[0]?.headers["impersonate-user"] as string, "latin1").toString()).toBe(
        "zoë",
      );
    });
  });

  test("identity, cookies and forwarded headers of the client reach no cluster", async () => {
    const names = [
      ...[
        "Cookie",
        "Cookie2",
        "X-Remote-User",
        "X-Remote-Group",
        "X-Remote-Extra-Scopes",
        "X_Remote_User",
        "X-Forwarded-For",
      ],
      ...["X-Forwarded-Host", "X-Forwarded-Proto", "Forwarded", "X-Real-IP", "X-SSL-Client-Cert", "Audit-ID"],
      ...["Proxy-Authorization", "TE", "X-Auth-User", "X-Client-Cert"],
    ];
    await raw([...SIGNED_IN, ...names.map((name) => `${name}: intruder`), "X-Fine: kept"]);
    expect(JSON.stringify(api.seen[0])).not.toContain("intruder");
    expect(api.seen[0]?.headers["x-fine"]).toBe("kept");
  });

  test("each cluster gets its own credential, nobody the client's token (also not in the path of a refused call)", async () => {
    gateway.clusters.get("other")!.upstream.authorizationAtHand = () => "Bearer other-credential";
    await send({ port: gateway.port, path: "prod/api/v1/pods" });
    await send({ port: gateway.port, path: "other/api/v1/pods" });
    expect(api.seen[0]?.headers.authorization).toBe("Bearer gateway-credential");
    expect(other.seen[0]?.headers.authorization).toBe("Bearer other-credential");
    expect(JSON.stringify([api.seen, other.seen, gateway.recorder.entries])).not.toContain(ALICE_TOKEN);
  });

  test.each(["base64url", "BASE64URL"])(
    "a token as a subprotocol (%s) reaches no cluster",
    async (prefix) => {
      const token = `${prefix}.bearer.authorization.k8s.io.${Buffer.from(ALICE_TOKEN).toString("base64url")}`;
      await raw([...SIGNED_IN, `Sec-WebSocket-Protocol: ${token}, v5.channel.k8s.io`]);
      await exchange(gateway.port, webSocketHead({ protocols: [token, "v5.channel.k8s.io"] }));
      await exchange(gateway.port, spdyHead({ lines: [`Sec-WebSocket-Protocol: ${token}, x`] }));
      expect(JSON.stringify([...api.seen, ...other.seen]).toLowerCase()).not.toContain(
        "bearer.authorization",
      );
      expect(gateway.recorder.entries).toHaveLength(3);
    },
  );

  test("a cluster without a token of its own gets no Authorization at all", async () => {
    gateway.clusters.get("other")!.upstream.authorizationAtHand = () => null;
    await send({ port: gateway.port, path: "other/api/v1/pods" });
    expect(other.seen[0]?.headers).not.toHaveProperty("authorization");
  });

  describe("exec, attach and port-forward need `create`, however they come (kubernetes#78741)", () => {
    test.each(["exec", "attach", "portforward"])("%s", async (subresource) => {
      gateway.decide = decideAs("read-only");
      const path = `/api/v1/namespaces/shop/pods/web/${subresource}`;
      expect(await exchange(gateway.port, webSocketHead({ path }))).toMatch(/^HTTP\/1\.1 403 /);
      expect(await exchange(gateway.port, spdyHead({ path }))).toMatch(/^HTTP\/1\.1 403 /);
      expect(await raw(SIGNED_IN, { path })).toMatch(/^HTTP\/1\.1 403 /);
      expect(await raw(SIGNED_IN, { path: path.replace("/api/v1/", "/api/v1/watch/") })).toMatch(
        /^HTTP\/1\.1 403 /,
      );
      expect(gateway.recorder.entries.map(({ verb, resource }) => `${verb} ${resource}`)).toEqual(
        Array(4).fill(`create pods/${subresource}`),
      );
      expect(api.seen).toEqual([]);
    });

    test("a developer may, but a session without an upgrade is none", async () => {
      gateway.decide = decideAs("developer");
      expect(await raw(SIGNED_IN, { path: EXEC })).toMatch(/^HTTP\/1\.1 400 [\s\S]*Upgrade request required/);
      expect(await raw([...SIGNED_IN, "Content-Length: 0"], { path: EXEC, method: "POST" })).toMatch(/ 400 /);
      expect(gateway.recorder.entries).toHaveLength(2);
      expect(api.seen).toEqual([]);
    });
  });

  describe("proxy subresources", () => {
    const node = "/api/v1/nodes/n1/proxy/run/shop/web/sh?cmd=id";
    const pod = "/api/v1/namespaces/shop/pods/web:80/proxy/x";

    test("of nodes are denied to everybody, also by their legacy path", async () => {
      for (const role of ["cluster-admin", "developer", "read-only"] as const) {
        gateway.decide = decideAs(role);
        expect(await raw(SIGNED_IN, { path: node })).toMatch(/^HTTP\/1\.1 403 /);
        expect(await raw([...SIGNED_IN, "Content-Length: 0"], { path: node, method: "POST" })).toMatch(
          / 403 /,
        );
        expect(await raw(SIGNED_IN, { path: "/api/v1/proxy/nodes/n1/run/x" })).toMatch(/^HTTP\/1\.1 403 /);
        expect(await exchange(gateway.port, webSocketHead({ path: node }))).toMatch(/^HTTP\/1\.1 403 /);
      }
      expect(gateway.recorder.entries).toHaveLength(12);
      expect(api.seen).toEqual([]);
    });

    test("of pods and services are allowed only where a role names them", async () => {
      for (const [role, status] of [
        ["read-only", 403],
        ["developer", 403],
        ["cluster-admin", 200],
      ] as const) {
        gateway.decide = decideAs(role);
        expect(await raw(SIGNED_IN, { path: pod })).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
      }
      expect(gateway.recorder.entries.map(({ resource, result }) => [resource, result])).toEqual([
        ["pods/proxy", "failure"],
        ["pods/proxy", "failure"],
        ["pods/proxy", "success"],
      ]);
    });
  });

  describe("paths that can be read in two ways are refused and recorded", () => {
    const targets = [
      ...[
        "/k8s/clusters/prod//api/v1/pods",
        "//k8s/clusters/prod/api/v1/pods",
        "/k8s/clusters/prod/api/v1/../v1/secrets",
      ],
      ...["/k8s/clusters/prod/../other/api/v1/pods", "/k8s/clusters/prod/api/v1/namespaces/a%2fsecrets"],
      ...[
        "/k8s/clusters/prod/api/v1/%2e%2e/v1/secrets",
        "/k8s/clusters/prod/api/v1/namespaces/a/pods/b/%65xec",
      ],
      ...["/k8s/clusters/prod/api/v1/pods/", "/k8s/clusters/prod/api/v1/namespaces/a/pods/b/exec/"],
      ...[
        "/k8s/clusters/prod/api/v1/pods%00",
        "/k8s/clusters/prod/api/v1/pods%0d%0aX:y",
        "/k8s/clusters/prod/api/v1\\pods",
      ],
      ...[
        "/k8s/clusters/prod/api/v1/namespaces/proxy/pods/b/exec/",
        "/k8s/clusters/prod/api/v1/namespaces/a/pods/proxy/log/",
      ],
      ...["https://prod/k8s/clusters/prod/api/v1/pods", "http://169.254.169.254/k8s/clusters/prod/api", "*"],
    ];
    test.each(targets)("%s", async (target) => {
      const method = target === "*" ? "OPTIONS" : "GET";
      const text = await exchange(
        gateway.port,
        `${method} ${target} HTTP/1.1\r\n${SIGNED_IN.join("\r\n")}\r\n\r\n`,
      );
      expect(text).toMatch(/^HTTP\/1\.1 400 /);
      expect(gateway.recorder.entries).toMatchObject([
        { httpStatus: 400, result: "failure", resource: null },
      ]);
      expect(gateway.recorder.entries[0]?.actor.email).toBe(ALICE.email);
      expect([...api.seen, ...other.seen]).toEqual([]);
    });

    test.each(targets.filter((target) => target !== "*"))("as an upgrade: %s", async (target) => {
      const head = webSocketHead().replace(/^GET \S+/, () => `GET ${target}`);
      expect(await exchange(gateway.port, head)).toMatch(/^HTTP\/1\.1 400 /);
      expect(gateway.recorder.entries).toHaveLength(1);
      expect([...api.seen, ...other.seen]).toEqual([]);
    });

    test("authority form", async () => {
      const text = await exchange(
        gateway.port,
        `CONNECT prod:443 HTTP/1.1\r\n${SIGNED_IN.join("\r\n")}\r\n\r\n`,
      );
      expect(text).toMatch(/^HTTP\/1\.1 400 /);
      expect(gateway.recorder.entries).toMatchObject([{ verb: "connect", httpStatus: 400 }]);
    });

    test("a NUL in the request line", async () => {
      const text = await raw(SIGNED_IN, { path: "/api/v1/pods\0" });
      expect(text).toMatch(/^HTTP\/1\.1 400 /);
      expect(gateway.recorder.entries).toMatchObject([{ httpStatus: 400, cluster: { name: "prod" } }]);
    });
  });

  describe("request smuggling", () => {
    const SMUGGLED = "GET /k8s/clusters/prod/api/v1/secrets HTTP/1.1\r\nHost: x\r\n\r\n";
    const attacks: [string, string[], string][] = [
      ["a length and chunks", ["Content-Length: 6", "Transfer-Encoding: chunked"], `0\r\n\r\n${SMUGGLED}`],
      ["two lengths", ["Content-Length: 0", `Content-Length: ${SMUGGLED.length}`], SMUGGLED],
      ["two lengths in one line", [`Content-Length: 0, ${SMUGGLED.length}`], SMUGGLED],
      ["a signed length", ["Content-Length: +5"], "abcde"],
      ["chunked twice", ["Transfer-Encoding: chunked", "Transfer-Encoding: identity"], "0\r\n\r\n"],
      ["an unknown coding", ["Transfer-Encoding: xchunked"], "0\r\n\r\n"],
      ["a folded header", ["X-A: 1\r\n Transfer-Encoding: chunked"], ""],
      ["a space before the colon", ["Content-Length : 5"], "abcde"],
      ["a bare CR in a value", ["X-A: 1\rX-B: 2"], ""],
      ["a bare LF in a value", ["X-A: 1\nImpersonate-User: bob"], ""],
      ["a NUL in a value", ["X-A: 1\0"], ""],
      ["a header without a name", [": x"], ""],
      ["a chunk size that is no number", ["Transfer-Encoding: chunked"], "zz\r\n"],
      ["a chunk with a bare LF", ["Transfer-Encoding: chunked"], `1\na\r\n0\r\n\r\n${SMUGGLED}`],
    ];
    test.each(attacks)("%s", async (_what, lines, body) => {
      const text = await raw([...SIGNED_IN.slice(0, 2), ...lines], {
        method: "POST",
        body,
        path: "/api/v1/namespaces/a/pods",
      });
      // Whatever is answered, it is one answer, and what is inside the body is no request.
      expect(text.match(/HTTP\/1\.1 \d/g)?.length ?? 0).toBeLessThanOrEqual(1);
      expect(text).not.toMatch(/ 200 /);
      expect(api.seen.some(({ url }) => url.includes("secrets"))).toBe(false);
      expect(api.seen.some(({ headers }) => headers["impersonate-user"] === "bob")).toBe(false);
      expect(gateway.recorder.entries).toHaveLength(1);
      expect(gateway.recorder.entries[0]).toMatchObject({ result: "failure", cluster: { name: "prod" } });
    });

    test.each([
      ["a chunk size that is no number", "zz\r\n{}\r\n0\r\n\r\n", "/api/v1/namespaces/a/pods"],
      ["a chunk that is longer than it says", "2\r\nabc\r\n0\r\n\r\n", "/api/v1/namespaces/a/pods"],
      [
        "the same of a body that the gateway reads itself",
        "2\r\nabc\r\n0\r\n\r\n",
        "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
      ],
    ])("%s is answered and recorded as what it is", async (_what, body, path) => {
      const lines = [...SIGNED_IN.slice(0, 2), "Transfer-Encoding: chunked"];
      const text = await raw(lines, { method: "POST", body, path });
      expect(text).toMatch(/^HTTP\/1\.1 400 [\s\S]*the request is not valid HTTP\/1\.1/);
      const message = expect.stringMatching(/^the request is not valid HTTP\/1\.1 \(HPE_/);
      expect(await gateway.recorder.atLeast(1)).toMatchObject([
        { httpStatus: 400, message, result: "failure" },
      ]);
    });

    test("two requests on one connection are two calls", async () => {
      const head = (path: string, last: boolean) =>
        [
          `GET /k8s/clusters/prod${path} HTTP/1.1`,
          ...SIGNED_IN.slice(0, 2),
          ...(last ? ["Connection: close"] : []),
        ].join("\r\n");
      const text = await exchange(
        gateway.port,
        `${head("/api/v1/pods", false)}\r\n\r\n${head("/api/v1/nodes", true)}\r\n\r\n`,
      );
      expect(text.match(/HTTP\/1\.1 200/g)).toHaveLength(2);
      expect(gateway.recorder.entries.map(({ resource }) => resource).sort()).toEqual(["nodes", "pods"]);
    });

    test.each(["h2c", "websocket, h2c"])(
      "what comes right behind an ignored Upgrade: %s",
      async (protocol) => {
        const first = `GET /k8s/clusters/prod/api/v1/pods HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${ALICE_TOKEN}\r\n`;
        const connection = await connectRaw(gateway.port);
        // Node drops the beginning of a second request; its rest must not be taken for a third.
        connection.write(
          `${first}Connection: Upgrade\r\nUpgrade: ${protocol}\r\n\r\nPOST /cut HTTP/1.1\r\nHost: x\r\n`,
        );
        expect(await connection.receive(/\r\n\r\n/)).toMatch(
          /^HTTP\/1\.1 200 [\s\S]*\r\nConnection: close\r\n/,
        );
        connection.write(SMUGGLED);
        expect((await connection.closed()).match(/HTTP\/1\.1 \d/g)).toHaveLength(1);
        expect(api.seen.map(({ url }) => url)).toEqual(["/api/v1/pods"]);
      },
    );

    test.each([
      ["two hosts", ["Host: localhost", "Host: elsewhere"], 400],
      ["two hosts that are one", ["Host: x", "HOST: x"], 400],
      ["a transfer coding beside chunked", ["Host: x", "Transfer-Encoding: gzip, chunked"], 501],
    ])("%s", async (_what, lines, status) => {
      const body = lines.length > 1 && status === 501 ? "0\r\n\r\n" : "";
      const text = await raw([...SIGNED_IN.slice(1), ...lines], { method: "POST", body });
      expect(text).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
      expect(gateway.recorder.entries).toMatchObject([{ httpStatus: status, result: "failure" }]);
      expect(api.seen).toEqual([]);
    });

    test("a method in small letters is recorded", async () => {
      expect(await raw(SIGNED_IN, { method: "get" })).toMatch(/^HTTP\/1\.1 400 /);
      expect(gateway.recorder.entries).toMatchObject([{ httpStatus: 400, cluster: { name: "prod" } }]);
    });

    test.each(["me@gateway", "a b", "a/b", "a:b", "[::1", "a\\b", '"a"'])("the Host %s", async (host) => {
      expect(await raw([`Host: ${host}`, ...SIGNED_IN.slice(1)])).toMatch(/^HTTP\/1\.1 400 /);
      expect(api.seen).toEqual([]);
      expect(gateway.recorder.entries).toMatchObject([
        { httpStatus: 400, message: "the Host header is no host with or without a port" },
      ]);
    });

    test("no Host", async () => {
      expect(await raw(SIGNED_IN.slice(1))).toMatch(/^HTTP\/1\.1 400 /);
      expect(gateway.recorder.entries).toMatchObject([
        { httpStatus: 400, message: expect.stringContaining("Host") },
      ]);
    });
  });

  describe("limits", () => {
    test("headers beyond the limit are a 431 on the record", async () => {
      expect(await raw([...SIGNED_IN, `X-Big: ${"x".repeat(1_060_000)}`])).toMatch(/^HTTP\/1\.1 431 /);
      expect(gateway.recorder.entries).toMatchObject([
        { httpStatus: 431, actor: { email: ALICE.email }, cluster: { name: "prod" }, resource: null },
      ]);
    });

    test("headers beyond all bounds are a 431 by the parser", async () => {
      const lines = [...SIGNED_IN, ...Array.from({ length: 30 }, (_, i) => `X-${i}: ${"x".repeat(50_000)}`)];
      expect(await raw(lines)).toMatch(/^HTTP\/1\.1 431 /);
      expect(api.seen).toEqual([]);
      expect(gateway.recorder.entries).toMatchObject([
        { httpStatus: 431, verb: "unknown", actor: { kind: "anonymous" }, clientIp: "127.0.0.1" },
      ]);
    });

    test("more headers than are looked at are a 431 on the record", async () => {
      const lines = Array.from({ length: 1_100 }, (_, i) => `X-${i}: x`);
      expect(await raw([...SIGNED_IN, ...lines])).toMatch(/^HTTP\/1\.1 431 /);
      expect(gateway.recorder.entries).toMatchObject([{ httpStatus: 431 }]);
    });

    test("a target beyond the limit is a 431 on the record", async () => {
      const path = `/api/v1/pods?x=${"x".repeat(1_060_000)}`;
      expect(await raw(SIGNED_IN, { path })).toMatch(/^HTTP\/1\.1 431 /);
      expect(gateway.recorder.entries).toHaveLength(1);
    });

    test("a long target goes to the cluster to the letter, and the row says how long it was", async () => {
      const path = `/api/v1/pods?labelSelector=x%20in%20(${"x".repeat(900_000)})`;
      expect(await raw(SIGNED_IN, { path })).toMatch(/^HTTP\/1\.1 200 /);
      expect(api.seen.map(({ url }) => url)).toEqual([path]);
      expect(gateway.recorder.entries).toMatchObject([
        {
          httpStatus: 200,
          message: `The request target has ${`/k8s/clusters/prod${path}`.length} characters.`,
        },
      ]);
    });

    test("a body that breaks its framing ends the call, which is on the record once", async () => {
      api.onRequest = (request, response) => void request.resume().on("end", () => response.end("{}"));
      const client = await connectRaw(gateway.port);
      client.write(
        `POST /k8s/clusters/prod/api/v1/namespaces/a/pods HTTP/1.1\r\n${SIGNED_IN.slice(0, 2).join("\r\n")}\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n`,
      );
      await until(() => gateway.recorder.intents.length === 1, "the intent");
      client.write("nonsense\r\n");
      expect(await client.closed()).not.toContain("HTTP/1.1 200");
      expect(await gateway.recorder.atLeast(1)).toMatchObject([{ result: "failure", verb: "create" }]);
    });

    test("a stranger keeps no connection by a body that goes on and on", async () => {
      const client = await connectRaw(gateway.port);
      client.write(
        "POST /k8s/clusters/prod/api/v1/namespaces/a/pods HTTP/1.1\r\nHost: gateway\r\nContent-Length: 1000000\r\n\r\n",
      );
      const slowly = setInterval(() => client.write("x"), 100);
      const answer = await client.closed();
      clearInterval(slowly);
      expect(answer).toMatch(/^HTTP\/1\.1 401 /);
      expect(answer).toContain("No access token was given");
      expect(gateway.recorder.entries).toMatchObject([{ httpStatus: 401 }]);
    });

    test("text of the client's is bounded in the record", async () => {
      await raw([
        ...SIGNED_IN,
        `User-Agent: ${"u".repeat(5_000)}`,
        `Kubectl-Command: ${"c".repeat(9_000)}`,
        "Kubectl-Session: x",
      ]);
      const [entry] = gateway.recorder.entries;
      expect(Buffer.byteLength(entry?.userAgent ?? "")).toBeLessThanOrEqual(512);
      expect(Buffer.byteLength(entry?.clientName ?? "")).toBeLessThanOrEqual(128);
      expect(Buffer.byteLength(entry?.command ?? "")).toBeLessThanOrEqual(4096);
      expect(entry?.sessionId).toBeNull();
    });
  });

  test("X-Forwarded-For counts only from configured proxies", async () => {
    const trusting = await startTestGateway({ readBy, trustedProxies: ["127.0.0.1"] });
    trusting.addCluster("prod", api.upstream);
    const headers = { "X-Forwarded-For": "198.51.100.1, 203.0.113.9" };
    await send({ port: trusting.port, path: "prod/api/v1/pods", headers });
    await send({ port: gateway.port, path: "prod/api/v1/pods", headers });
    await trusting.close();
    expect(trusting.recorder.entries[0]?.clientIp).toBe("203.0.113.9");
    expect(gateway.recorder.entries[0]?.clientIp).toBe("127.0.0.1");
    expect(api.seen.map((seen) => seen.headers["x-forwarded-for"])).toEqual(["203.0.113.9", "127.0.0.1"]);
  });

  test("a PROXY protocol line is no HTTP", async () => {
    const text = await exchange(
      gateway.port,
      `PROXY TCP4 203.0.113.9 10.0.0.1 1 2\r\nGET /k8s/clusters/prod/api HTTP/1.1\r\n\r\n`,
    );
    expect(text).toMatch(/^HTTP\/1\.1 400 /);
    expect(api.seen).toEqual([]);
    expect(gateway.recorder.entries).toMatchObject([{ httpStatus: 400, clientIp: "127.0.0.1" }]);
  });

  test.each([ALICE_TOKEN, null])(
    "a request that names no cluster is on the record (token %s)",
    async (token) => {
      const credentials = token === null ? [] : [`Authorization: Bearer ${token}`];
      const head = ["GET /api/v1/pods HTTP/1.1", "Host: gateway", ...credentials, "Connection: close"];
      const text = await exchange(gateway.port, `${head.join("\r\n")}\r\n\r\n`);
      const status = token === null ? 401 : 404;
      expect(text).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
      if (token !== null)
        expect(text).toContain(
          "let the path begin with /k8s/clusters/<name>/api/v1/pods, also in the server",
        );
      expect(gateway.recorder.entries).toMatchObject([
        { httpStatus: status, cluster: { name: "" }, verb: "list", resource: "pods" },
      ]);
    },
  );
});
