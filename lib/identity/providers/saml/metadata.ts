import { X509Certificate } from "node:crypto";
import { nameProviderSetting } from "../../../config/providers.ts";
import type { SamlProviderConfig } from "../../../config.ts";
import { PROVIDER_TIMEOUT_MS } from "../provider/identity-provider.ts";
import { elementsOf, MOST_XML_CHARACTERS, parseStrictXml } from "./strict-xml.ts";

const METADATA = "urn:oasis:names:tc:SAML:2.0:metadata";
const SIGNATURE = "http://www.w3.org/2000/09/xmldsig#";
const REDIRECT = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";

/** What is asked of an identity provider's metadata (SAML 2.0 Metadata, section 2.4.3). */
export interface SamlMetadata {
  /** Where a browser is sent to sign in, by a redirect. */
  signInAddress: string;
  /** PEM, of the keys that its assertions may be signed with. */
  certificates: string[];
}

/**
 * What the identity provider says of itself: the XML that is configured, or what its address answers now.
 * @throws Error where it does not answer, or says something else than what is needed.
 */
export async function loadMetadata(settings: SamlProviderConfig): Promise<SamlMetadata> {
  const { metadata, metadataUrl } = settings;
  return readMetadata(metadata ?? (await fetchMetadata(metadataUrl ?? "")), settings);
}

async function fetchMetadata(address: string): Promise<string> {
  const response = await fetch(address, {
    signal: AbortSignal.timeout(PROVIDER_TIMEOUT_MS),
    redirect: "error",
  });
  if (!response.ok) throw new Error(`its metadata answers ${response.status}`);
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > MOST_XML_CHARACTERS) throw new Error("its metadata is longer than is taken");
  }
  return text + decoder.decode();
}

/** @throws Error that says what is missing or wrong. */
function readMetadata(xml: string, settings: Pick<SamlProviderConfig, "id" | "issuer">): SamlMetadata {
  const document = parseStrictXml(xml, "its metadata");
  const entities = elementsOf(document, METADATA, "EntityDescriptor");
  const entity = entities.find((each) => each.getAttribute("entityID") === settings.issuer);
  if (!entity) {
    const named = entities
      .slice(0, 5)
      .map((each) => each.getAttribute("entityID"))
      .join(", ");
    throw new Error(
      `its metadata is of ${named || "no entity"}, and ${nameProviderSetting(settings, "issuer")} is ${settings.issuer}`,
    );
  }
  const [role] = elementsOf(entity, METADATA, "IDPSSODescriptor");
  if (!role) throw new Error("its metadata has no IDPSSODescriptor: it is no identity provider's");
  const services = elementsOf(role, METADATA, "SingleSignOnService");
  const service = services.find((each) => each.getAttribute("Binding") === REDIRECT);
  const signInAddress = service?.getAttribute("Location") ?? "";
  if (!URL.canParse(signInAddress) || !/^https?:$/.test(new URL(signInAddress).protocol)) {
    throw new Error("its metadata has no SingleSignOnService with the binding HTTP-Redirect");
  }
  const certificates = readCertificates(role);
  if (certificates.length === 0) throw new Error("its metadata has no certificate that signs");
  return { signInAddress, certificates };
}

function readCertificates(role: Element): string[] {
  const keys = elementsOf(role, METADATA, "KeyDescriptor").filter(
    (key) => key.getAttribute("use") !== "encryption",
  );
  const texts = keys.flatMap((key) => elementsOf(key, SIGNATURE, "X509Certificate"));
  return texts.map(({ textContent }) => {
    try {
      return new X509Certificate(Buffer.from((textContent ?? "").replace(/\s/g, ""), "base64")).toString();
    } catch {
      throw new Error("its metadata has a certificate that cannot be read");
    }
  });
}
