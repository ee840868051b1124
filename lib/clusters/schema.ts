import { z } from "zod";
import { AgentTag } from "../names/schema.ts";
import { CertificatePem, ClusterCredential } from "./credentials/schema.ts";
import { ClusterLabels } from "./labels/schema.ts";

/** A cluster's name stands in the gateway's paths: /k8s/clusters/<name>. */
const ClusterName = z
  .string()
  .regex(
    /^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/,
    "takes 1 to 63 of letters, digits, . _ - with a letter or digit at the ends",
  );

/** What an API server's address has to look like; whether it may be called, `checkEndpoint` says. */
export const ENDPOINT_FORM = "an https address such as https://10.0.0.1:6443";

/**
 * Whether a text is the address of an API server: no credentials, query or fragment. http is for clusters on the gateway's own machine,
 * which only the name's addresses tell.
 */
export function isEndpoint(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^https?:$/.test(url.protocol)) return false;
  return !url.username && !url.password && !url.search && !url.hash;
}

const Endpoint = z
  .string(`takes ${ENDPOINT_FORM}`)
  .max(2_048, "takes at most 2048 characters")
  .refine(isEndpoint, `takes ${ENDPOINT_FORM}`);

/** How the gateway reaches a cluster: by its address, or through the tunnel that the cluster's agents opened. */
export const ClusterConnection = z.enum(["direct", "tunnel"], "takes direct or tunnel");
export type ClusterConnection = z.infer<typeof ClusterConnection>;

/** Of tunnels: what proves calls to the API server, the cluster's credential that the gateway keeps or one that the agent has. */
export const TunnelCredential = z.enum(["gateway", "agent"], "takes gateway or agent");
export type TunnelCredential = z.infer<typeof TunnelCredential>;

export const RegisterClusterInput = z.strictObject({
  name: ClusterName,
  /** The API server's address: https, with a path where it stands behind another. */
  endpoint: Endpoint,
  /** PEM; null: the authorities that this machine trusts. */
  certificateAuthority: CertificatePem.nullable().default(null),
  /** The name in the API server's certificate where it is not the address's. */
  tlsServerName: z.string().min(1).max(253).nullable().default(null),
  insecureSkipTlsVerify: z.boolean("takes true or false").default(false),
  labels: ClusterLabels.default({}),
  connection: ClusterConnection.default("direct"),
  /** Of tunnels: only agents with this tag carry its calls; null: any. */
  agentTag: AgentTag.nullable().default(null),
  tunnelCredential: TunnelCredential.default("gateway"),
  credential: ClusterCredential,
});
export type RegisterClusterInput = z.input<typeof RegisterClusterInput>;

/** What is left out stays as it is. */
export const UpdateClusterInput = z.strictObject({
  name: ClusterName.optional(),
  endpoint: Endpoint.optional(),
  certificateAuthority: CertificatePem.nullable().optional(),
  tlsServerName: z.string().min(1).max(253).nullable().optional(),
  insecureSkipTlsVerify: z.boolean("takes true or false").optional(),
  /** All of them: what is not named is no label any more. */
  labels: ClusterLabels.optional(),
  connection: ClusterConnection.optional(),
  agentTag: AgentTag.nullable().optional(),
  tunnelCredential: TunnelCredential.optional(),
  credential: ClusterCredential.optional(),
});
export type UpdateClusterInput = z.infer<typeof UpdateClusterInput>;

/** A cluster as it is shown: never a credential. */
export const ClusterView = z.object({
  id: z.uuid(),
  name: z.string(),
  endpoint: z.string(),
  certificateAuthority: z.string().nullable(),
  tlsServerName: z.string().nullable(),
  insecureSkipTlsVerify: z.boolean(),
  credentialKind: z.enum(["none", "token", "tokenFile", "clientCertificate", "exec"]),
  labels: ClusterLabels,
  connection: ClusterConnection,
  agentTag: z.string().nullable(),
  tunnelCredential: TunnelCredential,
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type ClusterView = z.infer<typeof ClusterView>;

/** Where on its way a check of a cluster found something, in the order of the way. */
export const CheckStep = z.enum([
  "credential",
  "tunnel",
  "address",
  "connection",
  "certificate",
  "answer",
  "authentication",
  "impersonation",
  "privileges",
  "version",
]);
export type CheckStep = z.infer<typeof CheckStep>;

/**
 * `failing`: calls do not work; `unsafe`: they do, and the gateway's own credential may more than it needs; `warning`: they will stop to,
 * or something could not be told.
 */
export const FindingSeverity = z.enum(["failing", "unsafe", "warning"]);
export type FindingSeverity = z.infer<typeof FindingSeverity>;

export const ClusterFinding = z.object({
  step: CheckStep,
  severity: FindingSeverity,
  /** What is the matter, after "it": `does not take the credential (401)`. */
  problem: z.string(),
  /** What to do next. */
  next: z.string(),
});
export type ClusterFinding = z.infer<typeof ClusterFinding>;

/** What the last check of a cluster found. */
export const ClusterHealth = z.object({
  /** The worst of the findings. */
  state: z.enum(["healthy", ...FindingSeverity.options]),
  checkedAt: z.iso.datetime(),
  /** kube-apiserver's gitVersion; null where it could not be asked, or keeps it to itself. */
  version: z.string().nullable(),
  /** Of one call over an open connection, milliseconds; null where none was answered. */
  latencyMs: z.number().nullable(),
  /** When the API server's certificate ends; null where there is none, or it could not be reached. */
  certificateExpiresAt: z.iso.datetime().nullable(),
  /** When the gateway's own credential ends; null where that cannot be told. */
  credentialExpiresAt: z.iso.datetime().nullable(),
  findings: z.array(ClusterFinding),
});
export type ClusterHealth = z.infer<typeof ClusterHealth>;

/** A cluster as the list of all has it: with what its last check found; null before the first. */
export const ClusterWithHealth = ClusterView.extend({ health: ClusterHealth.nullable() });
export type ClusterWithHealth = z.infer<typeof ClusterWithHealth>;
