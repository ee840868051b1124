// What secrets are called: the one list behind fields of objects, environment variables, headers, flags, assignments and lines
// of configuration files. All are sources of regular expressions that ignore case.

/** `DB_PASS`, `DB_PW`, `PGPASS`, `keypass`; no COMPASS, BYPASS or PASSENGER. */
const PASS_OWNER =
  "admin|auth|bind|db|ftp|http|key|ldap|login|mail|master|mongo|mqtt|my|mysql|pg|postgres|proxy|redis|require|root|smtp|sql|ssh|store|user";
const PASS = `(?<![a-z])(?:${PASS_OWNER})?(?:pass|pw)(?![a-z])`;
/** Whose key is a secret: `SECRET_KEY`, `ENCRYPTION_KEY`, `masterKey`; `APP_KEY`, but no `mapKey`. */
const KEY_OWNERS =
  "api|access|account|private|secret|encryption|encrypt|decryption|signing|signature|master|session|shared|auth|hmac|license|(?<![a-z])(?:app|jwt|ssh|storage|webhook)";

/** What ends the name of a secret, wherever the name stands. */
export const WORDS = [
  // OLDPWD is where a shell was before.
  ...[
    "passw(?:or)?d",
    "passphrase",
    "(?<!old)pwd",
    PASS,
    "passcode",
    "token",
    "client[-_.]?secret",
    "redis(?:cli)?[-_]?auth",
  ],
  `(?:${KEY_OWNERS})[-_.]?key`,
  // SECRET_KEY_BASE of Rails; the half of HashiCorp Vault's AppRole that is a password.
  "secret[-_]?key[-_]?base",
  "secret[-_]id",
  // Of a kubeconfig.
  "client[-_]?key[-_]?data",
].join("|");

/** Fields of objects that are called so say which Secret is meant; elsewhere the secret itself follows. */
const REFERENCES = "secret|credentials?";
const ALL_WORDS = `${WORDS}|${REFERENCES}`;

/** Headers that carry credentials (RFC 9110 §11, RFC 6265); `X-API-Key` and its like are known by their words. */
export const HEADER_NAME = "(?:proxy-)?authorization|(?:set-)?cookie2?";

/** A whole name in text. It begins where no name goes on, so that it is read once. */
export const NAME = String.raw`[\w.-]*(?:${ALL_WORDS})`;
/** The name of a list or an object: more than one of them, too; what is called `secrets` says which Secrets are meant. */
export const COLLECTION_NAME = String.raw`[\w.-]*(?:${WORDS})s?`;
/** The same for flags: `--oauth2-bearer`, `--cookie`. */
export const FLAG_NAME = String.raw`[\w.-]*(?:${ALL_WORDS}|bearer|cookie)`;

/** Below a secret's name: says where the secret is to be found, and is none itself (`serviceAccountToken`, `secretKeyRef`). */
const REFERENCE_PARTS: ReadonlySet<string> = new Set(
  (
    "apiversion kind group version name namespace key secretname secretkeyref secretref configmapkeyref valuefrom fieldref " +
    "optional path expirationseconds audience audiences mountpath items mode defaultmode"
  ).split(" "),
);

const FIELD = new RegExp(`(?:${WORDS})$|^(?:${HEADER_NAME})$`, "i");
const COLLECTION = new RegExp(`(?:${WORDS})s?$`, "i");
const REFERENCE_FIELD = new RegExp(`(?:${REFERENCES})$`, "i");
const VARIABLE = new RegExp(`${ALL_WORDS}|^(?:${HEADER_NAME})$`, "i");

/** Whether a field's text is a secret in any object: `password`, `adminPassword`, `client-key-data`; `APP_SECRET` of a ConfigMap. */
export function isSecretField(name: string): boolean {
  return FIELD.test(name) || (REFERENCE_FIELD.test(name) && name === name.toUpperCase());
}

/** Whether what is in a list or an object of that name is secret: `passwords`, `apiKeys`, `tokens` beside the names of fields. */
export function isSecretCollection(name: string): boolean {
  return COLLECTION.test(name);
}

/** Whether a field within such an object only says where the secret is. */
export function isReferencePart(name: string): boolean {
  return REFERENCE_PARTS.has(name.toLowerCase());
}

/** Whether a `name` with a literal `value` beside it, an environment variable or a header, says that the value is a secret. */
export function isSecretVariable(name: string): boolean {
  return VARIABLE.test(name);
}
