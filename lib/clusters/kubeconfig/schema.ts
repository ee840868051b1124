import { z } from "zod";
import { nameText } from "../../names/schema.ts";

// What the gateway reads of a kubeconfig (client-go's clientcmd/api/v1); what it does not read may stand there too.

const ClusterEntry = z.looseObject({
  server: z.string(),
  "certificate-authority": z.string().optional(),
  "certificate-authority-data": z.string().optional(),
  "insecure-skip-tls-verify": z.boolean().optional(),
  "tls-server-name": z.string().optional(),
  "proxy-url": z.string().optional(),
});
export type ClusterEntry = z.infer<typeof ClusterEntry>;

const ExecEntry = z.looseObject({
  apiVersion: z.string(),
  command: z.string(),
  args: z.array(z.string()).nullish(),
  env: z.array(z.object({ name: z.string(), value: z.string() })).nullish(),
  provideClusterInfo: z.boolean().optional(),
  interactiveMode: z.string().optional(),
});
export type ExecEntry = z.infer<typeof ExecEntry>;

const UserEntry = z.looseObject({
  token: z.string().optional(),
  tokenFile: z.string().optional(),
  "client-certificate": z.string().optional(),
  "client-certificate-data": z.string().optional(),
  "client-key": z.string().optional(),
  "client-key-data": z.string().optional(),
  exec: ExecEntry.optional(),
  username: z.string().optional(),
  "auth-provider": z.unknown().optional(),
});
export type UserEntry = z.infer<typeof UserEntry>;

export const Kubeconfig = z.looseObject({
  kind: z.literal("Config").optional(),
  clusters: z.array(z.object({ name: z.string(), cluster: ClusterEntry })).nullish(),
  contexts: z
    .array(
      z.object({
        name: z.string(),
        context: z.looseObject({ cluster: z.string(), user: z.string().optional() }),
      }),
    )
    .nullish(),
  users: z.array(z.object({ name: z.string(), user: UserEntry.nullish() })).nullish(),
});
export type Kubeconfig = z.infer<typeof Kubeconfig>;

export const ImportKubeconfigInput = z.strictObject({
  kubeconfig: z.string().min(1, "takes the text of a kubeconfig"),
});

/** What came of one context. */
export const ImportedCluster = z.object({
  context: z.string(),
  name: z.string(),
  outcome: z.enum(["registered", "updated", "unchanged", "refused"]),
  /** Why it was refused. */
  reason: z.string().nullable(),
  /** What keeps calls from working, found by calling it once: unreachable, the credential, the right to impersonate. */
  problem: z.string().nullable(),
});
export type ImportedCluster = z.infer<typeof ImportedCluster>;

export const DownloadKubeconfigInput = z.strictObject({
  /** What the token in it is called in one's list of tokens. */
  name: nameText(100).default("kubeconfig"),
  /** Milliseconds; the longest that the configuration permits where it is left out. */
  lifetimeMs: z.int().positive("takes a length of time in milliseconds").optional(),
  /** One cluster's name; all of one's own where it is left out. */
  cluster: z.string().min(1, "takes a cluster's name").optional(),
});
export type DownloadKubeconfigInput = z.infer<typeof DownloadKubeconfigInput>;

/** What a client needs to reach any cluster, beside a token that names it. */
export const GatewayAddress = z.object({
  /** As kubectl reaches the gateway, without a slash at the end. */
  server: z.url(),
  certificateAuthority: z
    .string()
    .nullable()
    .meta({ description: "PEM of the authority of its certificate; null where machines trust it anyway." }),
});
export type GatewayAddress = z.infer<typeof GatewayAddress>;
