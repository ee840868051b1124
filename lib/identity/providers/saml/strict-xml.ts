import { DOMParser } from "@xmldom/xmldom";

/** A response with thousands of groups is a few hundred KB. */
export const MOST_XML_CHARACTERS = 2_000_000;

/**
 * Parses what an identity provider wrote, as no other XML than the plain one that SAML needs: no document type, which may define entities
 * (OWASP's XML External Entity), no comment, which splits texts for one reader and not for another (CVE-2018-0489 and its kin), and no
 * processing instruction but the declaration at its start.
 * @throws Error that says what is wrong, without repeating it.
 */
export function parseStrictXml(text: string, what: string): Document {
  if (text.length > MOST_XML_CHARACTERS)
    throw new Error(`${what} is longer than ${MOST_XML_CHARACTERS} characters`);
  const body = text.replace(/^\uFEFF?\s*<\?xml\s[^<>]*\?>/, "");
  if (/<!DOCTYPE|<!ENTITY/i.test(body)) throw new Error(`${what} has a document type, which is not taken`);
  if (body.includes("<!--")) throw new Error(`${what} has a comment, which is not taken`);
  if (body.includes("<?")) throw new Error(`${what} has a processing instruction, which is not taken`);
  const refuse = (problem: unknown) => {
    throw new Error(`${what} is no XML that can be read: ${String(problem).split("\n")[0]?.slice(0, 200)}`);
  };
  const parser = new DOMParser({ errorHandler: { warning: refuse, error: refuse, fatalError: refuse } });
  const document = parser.parseFromString(body, "text/xml");
  if (!document?.documentElement) throw new Error(`${what} is no XML that can be read`);
  return document;
}

/** The elements of a name below an element or a document, whatever their prefix. */
export function elementsOf(parent: Document | Element, namespace: string, name: string): Element[] {
  return Array.from(parent.getElementsByTagNameNS(namespace, name));
}
