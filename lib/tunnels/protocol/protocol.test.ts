import { createPrivateKey, X509Certificate } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { createAuthority, issueServerCertificate } from "../../pki/issue-certificate.ts";
import { readRefusal, refusalHeaders } from "./api-server-stream.ts";
import {
  agentHeaders,
  hubHeaders,
  IntroductionError,
  readAgentHeaders,
  readHubHeaders,
} from "./introduction.ts";
import { createJoinSecret, formatJoinToken, keyPin, parseJoinToken } from "./join-token.ts";
import { createProof, ProofError, readProof } from "./proof.ts";

const lower = (headers: object) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

describe("a join token", () => {
  it("is read as it was written, with and without a pin", async () => {
    const authority = await createAuthority("test");
    const pin = keyPin(new X509Certificate(authority.certificate));
    const secret = createJoinSecret();
    expect(parseJoinToken(formatJoinToken({ secret, pin }))).toEqual({ secret, pin });
    expect(parseJoinToken(formatJoinToken({ secret, pin: null }))).toEqual({ secret, pin: null });
  });

  it("is no other text", () => {
    for (const text of [
      "",
      "kwj_",
      "kwj_short",
      `kwt_${createJoinSecret()}`,
      `kwj_${createJoinSecret()}.short`,
    ])
      expect(parseJoinToken(text)).toBeNull();
  });
});

describe("a proof", () => {
  const AGENT = "0e0d1c1e-3a4b-4c5d-8e6f-7a8b9c0d1e2f";
  const AUDIENCE = "https://gateway.example:8443";
  let authority: { certificate: string; key: string };
  let agent: { certificate: string; key: string };
  beforeAll(async () => {
    authority = await createAuthority("agents of a test");
    agent = await issueServerCertificate(authority, { hosts: [AGENT] });
  });
  const prove = (changes: Partial<Parameters<typeof createProof>[0]> = {}) =>
    createProof({
      agentId: AGENT,
      audience: AUDIENCE,
      purpose: "connect",
      certificate: agent.certificate,
      key: createPrivateKey(agent.key),
      ...changes,
    });
  const read = (text: string, now = Date.now()) =>
    readProof(text, {
      authorities: [new X509Certificate(authority.certificate)],
      audience: AUDIENCE,
      purpose: "connect",
      now,
    });

  it("is read as it was written", () => {
    const { claims } = read(prove());
    expect(claims).toMatchObject({ iss: AGENT, sub: AGENT, aud: AUDIENCE, purpose: "connect" });
  });

  it("counts for its installation, purpose and time alone", () => {
    expect(() => read(prove({ audience: "https://other.example" }))).toThrow(ProofError);
    expect(() => read(prove({ purpose: "renew" }))).toThrow("not for: connect");
    expect(() => read(prove(), Date.now() + 300_000)).toThrow("clocks");
    expect(() => read(prove({ now: Date.now() + 300_000 }))).toThrow("clocks");
    expect(() => read(prove(), Date.now() + 400 * 86_400_000)).toThrow("ended");
  });

  it("is another agent's where the certificate is", () => {
    expect(() => read(prove({ agentId: "1e0d1c1e-3a4b-4c5d-8e6f-7a8b9c0d1e2f" }))).toThrow("another agent's");
  });

  it("needs a certificate of the authority, and its key", async () => {
    const foreign = await createAuthority("agents of a test");
    const stranger = await issueServerCertificate(foreign, { hosts: [AGENT] });
    const certificate = stranger.certificate;
    expect(() => read(prove({ certificate, key: createPrivateKey(stranger.key) }))).toThrow("authority");
    expect(() => read(prove({ key: createPrivateKey(stranger.key) }))).toThrow("not signed");
    expect(() => read(prove({ ...authority, key: createPrivateKey(authority.key) }))).toThrow(ProofError);
  });

  it("is signed as the gateway says, not as its head does", () => {
    const [, payload] = prove().split(".");
    const x5c = [new X509Certificate(agent.certificate).raw.toString("base64")];
    for (const alg of ["none", "HS256"]) {
      const head = Buffer.from(JSON.stringify({ alg, x5c })).toString("base64url");
      expect(() => read(`${head}.${payload}.AAAA`)).toThrow("ES256");
    }
    for (const text of ["", "a.b", "a.b.c.d", "!.!.!", "x".repeat(9_000)])
      expect(() => read(text)).toThrow(ProofError);
  });
});

describe("an introduction", () => {
  const introduction = {
    instance: "agent-7d9",
    version: "1.2.0",
    tags: ["eu", "blue"],
    credential: "gateway" as const,
    connected: ["6f1c"],
  };

  it("is read as it was written", () => {
    expect(readAgentHeaders(lower(agentHeaders(introduction)))).toEqual(introduction);
    const hub = { hub: "6f1c", hubs: ["6f1c", "7a2b"] };
    expect(readHubHeaders(lower(hubHeaders(hub)))).toEqual(hub);
  });

  it("names the header that is wrong", () => {
    const wrong = (changes: object) => () =>
      readAgentHeaders(lower(agentHeaders({ ...introduction, ...changes })));
    expect(wrong({ tags: ["a b"] })).toThrow("kubewitness-agent-tags");
    expect(wrong({ tags: Array.from({ length: 17 }, (_, index) => `t${index}`) })).toThrow("at most 16");
    expect(wrong({ version: "x".repeat(65) })).toThrow(IntroductionError);
    expect(wrong({ credential: "both" })).toThrow("gateway or agent");
    expect(wrong({ instance: "" })).toThrow("Instance");
  });
});

describe("an agent's refusal", () => {
  it("is read as it was written, and never more than a bound of it", () => {
    const refusal = {
      problem: "unreachable" as const,
      code: "ECONNREFUSED",
      message: "10.0.0.1:6443 refused",
    };
    expect(readRefusal(refusalHeaders(refusal) as never)).toEqual(refusal);
    const huge = {
      ":status": 502,
      "kubewitness-problem": "constructor",
      "kubewitness-code": "<b>",
      "kubewitness-message": "é".repeat(9_000),
    };
    const read = readRefusal(huge as never)!;
    expect(read).toMatchObject({ problem: "unreachable", code: null });
    expect(read.message).toHaveLength(256);
  });
});
