import { editDistance } from "../filter/suggest.ts";
import { listSettings } from "./settings.ts";
import { suggestName } from "./suggest-name.ts";

type Environment = Record<string, string | undefined>;

const OWN_PREFIX = "KUBEWITNESS_";
/** Prefixes of settings that other programs use too: of these only what is like a setting is refused. */
const SHARED_PREFIXES = ["OIDC_", "DATABASE_", "NEXTAUTH_"];
/** The first names the configuration file itself, so it cannot be in it; the others are the command line's (docs/cli.md). */
const OTHER_VARIABLES = [
  "KUBEWITNESS_CONFIG",
  "KUBEWITNESS_CLI_PROFILE",
  "KUBEWITNESS_CLI_TOKEN",
  "KUBEWITNESS_CLI_URL",
];
/** What Kubernetes sets in a pod for a Service called kubewitness, oidc or database (enableServiceLinks). */
const SERVICE_LINK = /^[A-Z\d]+_(.+_)?(SERVICE_(HOST|PORT)(_.+)?|PORT_\d+_(TCP|UDP)(_.+)?)$/;
const SHARED_SERVICE_LINK = /^(OIDC|DATABASE|NEXTAUTH)_(.+_)?PORT$/;
const GREATEST_DISTANCE = 2;

/**
 * One line for each variable that is no setting: with the prefix of this program's own, whatever it is; otherwise where it is like
 * a setting that is not set in the environment itself.
 */
export function refuseUnknownVariables(env: Environment): string[] {
  const known = knownVariables();
  return Object.keys(env).flatMap((name) => {
    if (env[name] === undefined || known.includes(name) || isServiceLink(name)) return [];
    const meant = known.find((candidate) => !env[candidate] && isLike(name, candidate));
    const hint = meant ? `; did you mean "${meant}"?` : suggestName(name, known);
    if (meant === undefined && !name.startsWith(OWN_PREFIX)) return [];
    return [`${name} in the environment is not a setting${hint}`];
  });
}

/** Variables named as this program's settings for signing in and for its database are, known or not. */
export function realInstallationVariables(env: Environment): string[] {
  return Object.keys(env).filter(
    (name) =>
      Boolean(env[name]) && SHARED_PREFIXES.some((prefix) => name.startsWith(prefix)) && !isServiceLink(name),
  );
}

const knownVariables = () => [...listSettings().map((setting) => setting.env), ...OTHER_VARIABLES];

const isServiceLink = (name: string) => SERVICE_LINK.test(name) || SHARED_SERVICE_LINK.test(name);

/** `OIDC_ISSUER_URL`, `OIDC_ADMIN_GROUPS`, `OIDC_CLIENTID`, `ODIC_ISSUER` and `KUBEWITNESS_OIDC_ISSUER` are like settings. */
function isLike(given: string, known: string): boolean {
  const name = given.toUpperCase();
  if (editDistance(name, known) <= GREATEST_DISTANCE) return true;
  if (![OWN_PREFIX, ...SHARED_PREFIXES].some((prefix) => name.startsWith(prefix))) return false;
  if (name.startsWith(`${known}_`) || known.startsWith(`${name}_`)) return true;
  return name === OWN_PREFIX + known || haveLikeWords(name.split("_"), known.split("_"));
}

function haveLikeWords(words: string[], others: string[]): boolean {
  if (words.length !== others.length) return false;
  return words.every((word, index) => word.startsWith(others[index]!) || others[index]!.startsWith(word));
}
