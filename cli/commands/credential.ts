import { chooseProfile } from "../kept/profiles.ts";
import { currentToken } from "../kept/tokens.ts";
import { defineCommand } from "../program/command.ts";
import { usage } from "../program/parse-options.ts";

/** kubectl asks again for what ends sooner than this from when it was given. */
const CLOCKS_DIFFER_MS = 30_000;

export const command = defineCommand({
  about: "a cluster's credential, for kubectl",
  details:
    "What kubectl runs (client.authentication.k8s.io/v1, exec plugin) by a kubeconfig of kubewitness kubeconfig --exec. The one command that prints a token.",
  arguments: [],
  options: { cluster: { type: "string", value: "NAME", about: "the cluster", completes: "clusters" } },
  examples: ["kubewitness credential --cluster prod"],
  async run({ terminal, options }) {
    const { cluster } = options;
    if (cluster === undefined) throw usage("credential", "--cluster is missing: takes a cluster's name.");
    const profile = chooseProfile(terminal, options.profile);
    const { token, expiresAt } = await currentToken({ terminal, profile, cluster });
    const expirationTimestamp = new Date(expiresAt - CLOCKS_DIFFER_MS).toISOString();
    terminal.print(
      JSON.stringify({
        apiVersion: askedVersion(terminal.env.KUBERNETES_EXEC_INFO),
        kind: "ExecCredential",
        status: { token, expirationTimestamp },
      }),
    );
    return undefined;
  },
});

const VERSIONS = ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"] as const;

/** The version that the client speaks: it says so in the environment, and takes no other. */
function askedVersion(info: string | undefined): string {
  try {
    const { apiVersion } = JSON.parse(info ?? "{}");
    return VERSIONS.find((version) => version === apiVersion) ?? VERSIONS[0];
  } catch {
    return VERSIONS[0];
  }
}
