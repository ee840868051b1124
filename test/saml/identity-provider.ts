import "reflect-metadata";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { inflateRawSync } from "node:zlib";
import * as x509 from "@peculiar/x509";
import samlify from "samlify";
import { RESPONSE_TEMPLATE } from "./response-template.ts";

/** A person whom the provider knows. */
export interface SamlAccount {
  /** The NameID. */
  id: string;
  email: string;
  name: string;
  groups: string[];
}

/** What a response says, each of which a test may change. */
export type ResponseValues = Record<
  | "ID"
  | "AssertionID"
  | "IssueInstant"
  | "NotOnOrAfter"
  | "Destination"
  | "Recipient"
  | "Audience"
  | "Issuer"
  | "NameID"
  | "Email"
  | "Name"
  | "Groups"
  | "InResponseTo"
  | "AssertionInResponseTo",
  string
>;

/** Who asks: this installation, by its metadata. */
export interface SamlClient {
  entityId: string;
  assertionConsumer: string;
}

export interface SamlIdentityProvider {
  entityId: string;
  /** Where its metadata is. */
  metadataUrl: string;
  metadata: string;
  /** How many requests for its metadata it got. */
  asked(): number;
  /** A signed response to a request, in base64, as its page would post it. */
  respond(
    client: SamlClient,
    answer: { account: SamlAccount; inResponseTo: string } & Partial<ResponseValues>,
  ): Promise<string>;
  close(): Promise<void>;
}

/** The ID and the relay state that a sign-in address asks with. */
export function readRequest(address: string): { id: string; relayState: string } {
  const { searchParams } = new URL(address);
  if (!searchParams.has("SAMLRequest")) return { id: "", relayState: "" };
  const xml = inflateRawSync(Buffer.from(searchParams.get("SAMLRequest") ?? "", "base64")).toString("utf8");
  return { id: /ID="([^"]+)"/.exec(xml)?.[1] ?? "", relayState: searchParams.get("RelayState") ?? "" };
}

let unique = 0;

/**
 * A SAML identity provider, by samlify: its page asks who one is, by a button each, and posts the answer to where it is asked for. `client`
 * may be known later.
 */
export async function startSamlIdentityProvider({
  accounts,
  client,
}: {
  accounts: readonly SamlAccount[];
  client: () => SamlClient;
}): Promise<SamlIdentityProvider> {
  const { certificate, key } = await createSigningKey();
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const entityId = `${origin}/entity`;
  samlify.setSchemaValidator({ validate: async () => "valid" });
  const provider = samlify.IdentityProvider({
    entityID: entityId,
    privateKey: key,
    signingCert: certificate,
    isAssertionEncrypted: false,
    loginResponseTemplate: { context: RESPONSE_TEMPLATE, attributes: [] },
    singleSignOnService: [
      { Binding: "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect", Location: `${origin}/sign-in` },
    ],
  } as never);
  let asked = 0;
  const respond: SamlIdentityProvider["respond"] = async (to, { account, inResponseTo, ...changes }) => {
    const values = { ...valuesOf(account, { to, entityId, inResponseTo }), ...changes };
    const service = samlify.ServiceProvider({
      entityID: to.entityId,
      wantAssertionsSigned: true,
      assertionConsumerService: [
        { Binding: "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST", Location: to.assertionConsumer },
      ],
    } as never);
    const fill = (template: string) => ({
      id: values.ID,
      context: template.replace(/\{(\w+)\}/g, (_, name: keyof ResponseValues) => values[name]),
    });
    const request = { extract: { request: { id: inResponseTo } } };
    const answered = await provider.createLoginResponse(service, request as never, "post", {}, fill);
    return (answered as { context: string }).context;
  };
  server.on("request", (request, response) => {
    const url = new URL(request.url ?? "/", origin);
    if (url.pathname === "/metadata") {
      asked += 1;
      response.end(provider.getMetadata());
      return;
    }
    answerPage(url).then(
      (page) => response.setHeader("content-type", "text/html").end(page),
      (error: Error) => response.destroy(error),
    );
  });
  /** First who one is, then the answer, which posts itself. */
  async function answerPage(url: URL): Promise<string> {
    const account = accounts.find(({ id }) => id === url.searchParams.get("account"));
    if (!account) return chooser(url, accounts);
    const { id, relayState } = readRequest(url.href);
    const to = client();
    return form(to.assertionConsumer, {
      SAMLResponse: await respond(to, { account, inResponseTo: id }),
      RelayState: relayState,
    });
  }
  return {
    entityId,
    metadataUrl: `${origin}/metadata`,
    metadata: provider.getMetadata(),
    asked: () => asked,
    respond,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function valuesOf(
  { id, email, name, groups }: SamlAccount,
  { to, entityId, inResponseTo }: { to: SamlClient; entityId: string; inResponseTo: string },
): ResponseValues {
  const now = Date.now();
  unique += 1;
  return {
    ID: `_response-${unique}`,
    AssertionID: `_assertion-${unique}`,
    IssueInstant: new Date(now).toISOString(),
    NotOnOrAfter: new Date(now + 300_000).toISOString(),
    Destination: to.assertionConsumer,
    Recipient: to.assertionConsumer,
    Audience: to.entityId,
    Issuer: entityId,
    NameID: id,
    Email: email,
    Name: name,
    Groups: groups.map((group) => `<saml:AttributeValue>${group}</saml:AttributeValue>`).join(""),
    InResponseTo: inResponseTo,
    AssertionInResponseTo: inResponseTo,
  };
}

function chooser(url: URL, accounts: readonly SamlAccount[]): string {
  const links = accounts.map(({ id, name }) => {
    const own = new URL(url);
    own.searchParams.set("account", id);
    return `<p><a href="${own.href.replaceAll("&", "&amp;")}">${name}</a></p>`;
  });
  return `<!doctype html><title>Identity provider</title><h1>Who are you?</h1>${links.join("")}`;
}

function form(action: string, fields: Record<string, string>): string {
  const inputs = Object.entries(fields).map(
    ([name, value]) => `<input type="hidden" name="${name}" value="${value}">`,
  );
  return `<!doctype html><title>Signed in</title><form method="post" action="${action}">${inputs.join("")}</form><script>document.forms[0].submit()</script>`;
}

async function createSigningKey(): Promise<{ certificate: string; key: string }> {
  const algorithm = {
    name: "RSASSA-PKCS1-v1_5",
    hash: "SHA-256",
    publicExponent: new Uint8Array([1, 0, 1]),
    modulusLength: 2048,
  };
  const keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: "CN=identity provider of a test",
    keys,
    signingAlgorithm: algorithm,
    notBefore: new Date(Date.now() - 86_400_000),
    notAfter: new Date(Date.now() + 86_400_000),
  });
  const exported = Buffer.from(await crypto.subtle.exportKey("pkcs8", keys.privateKey)).toString("base64");
  const key = `-----BEGIN PRIVATE KEY-----\n${exported.replace(/(.{64})/g, "$1\n")}\n-----END PRIVATE KEY-----\n`;
  return { certificate: certificate.toString("pem"), key };
}
