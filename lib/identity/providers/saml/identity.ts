import type { Profile } from "@node-saml/node-saml";
import { nameProviderSetting } from "../../../config/providers.ts";
import type { SamlProviderConfig } from "../../../config.ts";
import { PersonEmail } from "../../../names/schema.ts";
import { readGroups } from "../provider/group-claim.ts";
import type { ProviderIdentity } from "../provider/identity-provider.ts";
import { shownName } from "../provider/shown-name.ts";

const EMAIL_FORMAT = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress";
const TRANSIENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient";
/** What identity providers call an address where nobody chose a name for it. */
const EMAIL_ATTRIBUTES = [
  "email",
  "mail",
  "emailAddress",
  "urn:oid:0.9.2342.19200300.100.1.3",
  "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
];
const NAME_ATTRIBUTES = [
  "displayName",
  "name",
  "cn",
  "urn:oid:2.16.840.1.113730.3.1.241",
  "urn:oid:2.5.4.3",
  "http://schemas.microsoft.com/identity/claims/displayname",
];

/**
 * Who an assertion says that this is. `issuer`: what the person is kept under.
 * @throws Error that names what is missing or wrong.
 */
export function readSamlIdentity(
  profile: Pick<Profile, "nameID" | "nameIDFormat"> & { attributes?: unknown },
  { settings, issuer }: { settings: SamlProviderConfig; issuer: string },
): ProviderIdentity {
  const subject = readSubject(profile);
  const attributes = new Map(Object.entries({ ...(profile.attributes as object | undefined) }));
  const first = (names: readonly string[]) =>
    names.map((name) => textOf(attributes.get(name))).find((text) => text !== null);
  const ownAddress = profile.nameIDFormat === EMAIL_FORMAT ? subject : undefined;
  const named = settings.emailAttribute === null ? EMAIL_ATTRIBUTES : [settings.emailAttribute];
  const email = PersonEmail.safeParse(
    first(named) ?? (settings.emailAttribute === null ? ownAddress : undefined),
  );
  if (!email.success) {
    const setting = nameProviderSetting(settings, "emailAttribute");
    throw new Error(
      `the assertion has no e-mail address in ${named.join(", ")}: set ${setting} to the attribute that has it`,
    );
  }
  const names = settings.nameAttribute === null ? NAME_ATTRIBUTES : [settings.nameAttribute];
  return {
    issuer,
    subject,
    email: email.data,
    emailVerified: settings.emailVerified,
    name: shownName(first(names) ?? undefined) || email.data,
    groups: readGroups(attributes.get(settings.groupsAttribute)),
  };
}

function readSubject({ nameID, nameIDFormat }: Pick<Profile, "nameID" | "nameIDFormat">): string {
  if (nameIDFormat === TRANSIENT) {
    throw new Error(
      "the assertion's NameID is transient, which is another at each sign-in: set the provider to a persistent one",
    );
  }
  if (!nameID || nameID.length > 255 || nameID.includes("\0"))
    throw new Error("the assertion has no NameID of 1 to 255 characters");
  return nameID;
}

/** An attribute's value, the first of several; null where it is no text. */
function textOf(value: unknown): string | null {
  const [first] = [value].flat();
  return typeof first === "string" && first.trim() !== "" ? first.trim() : null;
}
