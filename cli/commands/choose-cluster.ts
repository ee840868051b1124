import type { Api } from "../http/api.ts";
import { chooseProfile } from "../kept/profiles.ts";
import { readContexts } from "../kubeconfig/read.ts";
import { usage } from "../program/parse-options.ts";
import type { Terminal } from "../terminal/terminal.ts";
import type { Me } from "./answers.ts";

interface Chosen {
  cluster: string;
  /** That of the context; null where it has none. */
  namespace: string | null;
}

/**
 * The cluster that a command is about: the named one, that of a context of kubectl's (the current where none is named), or the only one.
 * @throws Failure `usage` where that says none.
 */
export async function chooseCluster(
  command: string,
  {
    terminal,
    api,
    options,
  }: { terminal: Terminal; api: Api; options: { cluster?: string; context?: string; profile?: string } },
): Promise<Chosen> {
  if (options.cluster !== undefined) return { cluster: options.cluster, namespace: null };
  const { contexts, current } = readContexts(terminal.env);
  const wanted = options.context ?? current;
  const context = contexts.find(({ name }) => name === wanted);
  if (options.context !== undefined && !context?.cluster) {
    const takes = contexts
      .filter(({ cluster }) => cluster !== null)
      .map(({ name }) => name)
      .join(", ");
    throw usage(
      command,
      `--context got ${JSON.stringify(options.context)}: takes ${takes || "none, as there is none of kubewitness's"}.`,
    );
  }
  if (context?.cluster && context.profile === profileInUse(terminal, options.profile))
    return { cluster: context.cluster, namespace: context.namespace };
  const { clusters } = await api.json<Me>("/api/v1/me");
  if (clusters.length === 1) return { cluster: clusters[0]!.name, namespace: null };
  throw usage(command, `--cluster is missing: takes ${clusters.map(({ name }) => name).join(", ")}.`);
}

const profileInUse = (terminal: Terminal, profile: string | undefined): string | null =>
  terminal.env.KUBEWITNESS_CLI_TOKEN && profile === undefined ? null : chooseProfile(terminal, profile).name;
