import { readFileSync } from "node:fs";
import path from "node:path";
import { countYamlItems, parseYaml } from "../../audit/redaction/parse-yaml.ts";
import { AppError } from "../../errors.ts";
import { type ClusterCredential, ExecPlugin } from "../credentials/schema.ts";
import type { RegisterClusterInput } from "../schema.ts";
import { type ClusterEntry, type ExecEntry, Kubeconfig, type UserEntry } from "./schema.ts";

/** One context: the cluster it describes, or why it cannot be taken. */
export type ReadContext =
  | { context: string; name: string; cluster: RegisterClusterInput }
  | { context: string; name: string; refused: string };

export interface ReadOptions {
  /** The folder that relative paths start from; null: references to files are refused (the text came over the network). */
  directory: string | null;
}

/**
 * Reads every context of a kubeconfig as a cluster, named after the context as far as a path of the gateway's can hold the name.
 * @throws AppError `invalid_argument` where the text is no kubeconfig.
 */
export function readKubeconfig(text: string, options: ReadOptions): ReadContext[] {
  const file = parse(text);
  const taken = new Set<string>();
  return (file.contexts ?? []).map(({ name: context, context: { cluster, user } }) => {
    const name = clusterName(context, taken);
    try {
      return {
        context,
        name,
        cluster: { name, ...readCluster(file, cluster, options), credential: readUser(file, user, options) },
      };
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return { context, name, refused: error.message };
    }
  });
}

class Refused extends Error {}

/** Lines and items of a kubeconfig; one of a hundred clusters has 2,700. While more are read, every call through the gateway waits. */
const MOST_ITEMS = 5_000;

function parse(text: string): Kubeconfig {
  if (countYamlItems(text) > MOST_ITEMS) {
    refuse(
      "a longer text",
      `a kubeconfig of at most ${MOST_ITEMS} lines and items; import its contexts in parts (kubectl config view --minify --raw --context NAME)`,
    );
  }
  const documents = parseYaml(text, MOST_ITEMS);
  const file = Kubeconfig.safeParse(documents?.length === 1 ? documents[0] : null);
  if (file.success && (file.data.contexts ?? []).length > 0) return file.data;
  return refuse("another text", "a kubeconfig in YAML or JSON with at least one context");
}

function refuse(got: string, takes: string): never {
  throw new AppError("invalid_argument", `kubeconfig: got ${got}; takes ${takes}`, {
    details: [{ field: "kubeconfig", got, takes }],
  });
}

/** `arn:aws:eks:eu-1:1:cluster/prod` becomes `arn-aws-eks-eu-1-1-cluster-prod`; names that become the same are numbered. */
function clusterName(context: string, taken: Set<string>): string {
  const trim = (text: string) => text.replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, "");
  const plain = trim(trim(context.replace(/[^A-Za-z0-9._-]+/g, "-")).slice(-59)) || "cluster";
  let name = plain;
  for (let number = 2; taken.has(name); number++) name = `${plain}-${number}`;
  taken.add(name);
  return name;
}

function readCluster(
  file: Kubeconfig,
  name: string,
  options: ReadOptions,
): Omit<RegisterClusterInput, "name" | "credential"> {
  const entry = file.clusters?.find((each) => each.name === name)?.cluster;
  if (!entry) throw new Refused(`the kubeconfig has no cluster ${JSON.stringify(name)}`);
  if (entry["proxy-url"])
    throw new Refused("proxy-url is not supported: name an address that the gateway reaches itself");
  return {
    endpoint: entry.server,
    certificateAuthority: readAuthority(entry, options),
    tlsServerName: entry["tls-server-name"] || null,
    insecureSkipTlsVerify: entry["insecure-skip-tls-verify"] ?? false,
  };
}

function readAuthority(entry: ClusterEntry, options: ReadOptions): string | null {
  return readData(entry["certificate-authority-data"], entry["certificate-authority"], options) ?? null;
}

/** In client-go's order: a token wins over a token file; a plugin is asked where nothing else is there. */
function readUser(file: Kubeconfig, name: string | undefined, options: ReadOptions): ClusterCredential {
  if (!name) return { kind: "none" };
  const named = file.users?.find((each) => each.name === name);
  if (!named) throw new Refused(`the kubeconfig has no user ${JSON.stringify(name)}`);
  const user = named.user ?? {};
  if (user["auth-provider"]) throw new Refused("auth-provider is gone from Kubernetes: use an exec plugin");
  if (user.username) throw new Refused("basic authentication is gone from Kubernetes: use a token");
  if (user.token) return { kind: "token", token: user.token };
  if (user.tokenFile) return { kind: "tokenFile", path: locate(user.tokenFile, options) };
  return readCertificate(user, options) ?? (user.exec ? readExec(user.exec, options) : { kind: "none" });
}

function readCertificate(user: UserEntry, options: ReadOptions): ClusterCredential | null {
  const certificate = readData(user["client-certificate-data"], user["client-certificate"], options);
  const key = readData(user["client-key-data"], user["client-key"], options);
  if (!certificate && !key) return null;
  if (!certificate || !key)
    throw new Refused("a client certificate needs its key, and a key its certificate");
  return { kind: "clientCertificate", certificate, key };
}

function readExec(entry: ExecEntry, options: ReadOptions): ClusterCredential {
  const { apiVersion, command, provideClusterInfo = false } = entry;
  if (entry.interactiveMode === "Always")
    throw new Refused("the exec plugin asks a person: the gateway has none");
  const version = ExecPlugin.shape.apiVersion.safeParse(apiVersion);
  if (!version.success)
    throw new Refused(`the exec plugin speaks ${apiVersion}: v1 and v1beta1 are supported`);
  // client-go: a command with a slash is relative to the kubeconfig, one without is found on PATH.
  const program = command.includes("/") ? locate(command, options) : command;
  const plugin = {
    apiVersion: version.data,
    command: program,
    args: entry.args ?? [],
    env: entry.env ?? [],
    provideClusterInfo,
  };
  return { kind: "exec", plugin };
}

function readData(
  base64: string | undefined,
  file: string | undefined,
  options: ReadOptions,
): string | undefined {
  if (base64) return Buffer.from(base64, "base64").toString("utf8");
  if (!file) return undefined;
  const found = locate(file, options);
  try {
    return readFileSync(/* turbopackIgnore: true */ found, "utf8");
  } catch {
    throw new Refused(`the file ${JSON.stringify(found)} cannot be read`);
  }
}

function locate(file: string, { directory }: ReadOptions): string {
  if (directory !== null) return path.resolve(directory, file);
  throw new Refused(`it names the file ${JSON.stringify(file)}: use kubectl config view --raw --flatten`);
}
