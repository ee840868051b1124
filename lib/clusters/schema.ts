import { z } from "zod";
import { CertificatePem, ClusterCredential } from "./credentials/schema.ts";

/** A cluster's name stands in the gateway's paths: /k8s/clusters/<name>. */
export const ClusterName = z
  .string()
  .regex(
    /^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/,
    "takes 1 to 63 of letters, digits, . _ - with a letter or digit at the ends",
  );

export const RegisterClusterInput = z.strictObject({
  name: ClusterName,
  /** The API server's address: https, with a path where it stands behind another. */
  endpoint: z.string().max(2_048, "takes at most 2048 characters"),
  /** PEM; null: the authorities that this machine trusts. */
  certificateAuthority: CertificatePem.nullable().default(null),
  /** The name in the API server's certificate where it is not the address's. */
  tlsServerName: z.string().min(1).max(253).nullable().default(null),
  insecureSkipTlsVerify: z.boolean("takes true or false").default(false),
  credential: ClusterCredential,
});
export type RegisterClusterInput = z.input<typeof RegisterClusterInput>;

/** What is left out stays as it is. */
export const UpdateClusterInput = z.strictObject({
  name: ClusterName.optional(),
  endpoint: RegisterClusterInput.shape.endpoint.optional(),
  certificateAuthority: CertificatePem.nullable().optional(),
  tlsServerName: z.string().min(1).max(253).nullable().optional(),
  insecureSkipTlsVerify: z.boolean("takes true or false").optional(),
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
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type ClusterView = z.infer<typeof ClusterView>;
