import { type CacheProvider, type Profile, SAML, ValidateInResponseTo } from "@node-saml/node-saml";
import type { SamlProviderConfig } from "../../../config.ts";
import type { SamlQuestion } from "../provider/identity-provider.ts";
import type { SamlMetadata } from "./metadata.ts";
import { serviceProviderAddresses } from "./service-provider.ts";
import { elementsOf, parseStrictXml } from "./strict-xml.ts";

/** How far the clocks of the two may be apart. */
const CLOCK_SKEW_MS = 60_000;
/** An assertion is made for one sign-in, now. */
const MOST_ASSERTION_AGE_MS = 5 * 60_000;
/** How long a person may take at the identity provider. */
const REQUEST_LIFETIME_MS = 3_600_000;

const ASSERTION = "urn:oasis:names:tc:SAML:2.0:assertion";
const SIGNATURE = "http://www.w3.org/2000/09/xmldsig#";
const BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer";

/** node-saml for one request: it is the only one that an answer may be to. */
export function createSaml(
  settings: SamlProviderConfig,
  { metadata, request }: { metadata: SamlMetadata; request: SamlQuestion },
): SAML {
  const { entityId, assertionConsumer } = serviceProviderAddresses(settings.id);
  return new SAML({
    entryPoint: metadata.signInAddress,
    issuer: entityId,
    audience: entityId,
    callbackUrl: assertionConsumer,
    idpCert: metadata.certificates,
    idpIssuer: settings.issuer,
    wantAssertionsSigned: true,
    wantAuthnResponseSigned: false,
    validateInResponseTo: ValidateInResponseTo.always,
    requestIdExpirationPeriodMs: REQUEST_LIFETIME_MS,
    acceptedClockSkewMs: CLOCK_SKEW_MS,
    maxAssertionAgeMs: MOST_ASSERTION_AGE_MS,
    cacheProvider: cacheOf(request),
    generateUniqueId: () => request.id,
    identifierFormat: null,
    disableRequestedAuthnContext: true,
  });
}

/** What was asked is kept in the database (sign-in/saml), where an answer has taken it already. */
function cacheOf({ id, beganAt }: SamlQuestion): CacheProvider {
  return {
    saveAsync: async (_key, value) => ({ value, createdAt: beganAt.getTime() }),
    getAsync: async (key) => (key === id ? beganAt.toISOString() : null),
    removeAsync: async (key) => key,
  };
}

/**
 * What a signed assertion says, in a response to this one request. What is checked beside what node-saml checks: that it is plain XML, no
 * signature is by SHA-1, and in the signed part itself the issuer, the recipient and the request that it answers (SAML 2.0 Profiles,
 * section 4.1.4.3).
 * @throws Error that says why it does not count.
 */
export async function readResponse(
  settings: SamlProviderConfig,
  { encoded, metadata, request }: { encoded: string; metadata: SamlMetadata; request: SamlQuestion },
): Promise<Profile> {
  const xml = Buffer.from(encoded, "base64").toString("utf8");
  refuseOldAlgorithms(parseStrictXml(xml, "the answer"));
  const saml = createSaml(settings, { metadata, request });
  const { profile } = await saml.validatePostResponseAsync({ SAMLResponse: encoded });
  const signed = profile?.getAssertionXml?.();
  if (!profile || signed === undefined) throw new Error("the answer has no assertion");
  requireOurs(parseStrictXml(signed, "the assertion"), { settings, request });
  return profile;
}

/** Digests that can be forged (RFC 9155). */
function refuseOldAlgorithms(document: Document): void {
  const methods = ["SignatureMethod", "DigestMethod"].flatMap((name) =>
    elementsOf(document, SIGNATURE, name),
  );
  const old = methods.find(
    (method) => !/#(rsa-|ecdsa-)?sha(256|384|512)$/.test(method.getAttribute("Algorithm") ?? ""),
  );
  if (old)
    throw new Error("the answer is signed by an algorithm that is not taken: set the provider to SHA-256");
}

function requireOurs(
  assertion: Document,
  { settings, request }: { settings: SamlProviderConfig; request: SamlQuestion },
): void {
  const { assertionConsumer } = serviceProviderAddresses(settings.id);
  const [issuer] = elementsOf(assertion, ASSERTION, "Issuer");
  if (issuer?.textContent?.trim() !== settings.issuer) throw new Error("the assertion is another issuer's");
  const confirmations = elementsOf(assertion, ASSERTION, "SubjectConfirmation");
  const [confirmation, ...others] = confirmations;
  if (!confirmation || others.length > 0 || confirmation.getAttribute("Method") !== BEARER) {
    throw new Error("the assertion has to have one SubjectConfirmation, by bearer");
  }
  const [data] = elementsOf(confirmation, ASSERTION, "SubjectConfirmationData");
  const recipient = data?.getAttribute("Recipient") ?? "";
  if (recipient !== assertionConsumer) {
    throw new Error(
      `the assertion is for the recipient ${recipient || "nobody"}: takes ${assertionConsumer}`,
    );
  }
  if (data?.getAttribute("InResponseTo") !== request.id)
    throw new Error("the assertion answers another request");
  if (!data?.getAttribute("NotOnOrAfter")) throw new Error("the assertion does not say until when it counts");
  if (elementsOf(assertion, ASSERTION, "AudienceRestriction").length === 0) {
    throw new Error("the assertion does not say whom it is for (AudienceRestriction)");
  }
}
