import { readFile } from "node:fs/promises";
import { AppError } from "../../errors.ts";
import { type ExecCluster, type ExecCredential, runExecPlugin } from "./exec-plugin.ts";
import type { ClusterCredential } from "./schema.ts";

/** What proves the gateway to a cluster at the moment. */
export interface CurrentCredential {
  token: string | null;
  certificate: { certificate: string; key: string } | null;
}

/** By what the gateway proves itself in TLS, if by anything. */
export type ClientCertificate = CurrentCredential["certificate"];

export interface CredentialSource {
  /** The present one; null where it has to be got first. */
  atHand(): CurrentCredential | null;
  current(): Promise<CurrentCredential>;
  /** The cluster refused it (401): it is not used again. @returns whether another can be had. */
  refused(credential: CurrentCredential): boolean;
}

const NOTHING: CurrentCredential = { token: null, certificate: null };
/** client-go reads token files again as often. */
const TOKEN_FILE_MS = 60_000;
/** A credential is renewed this long before its end, so that it does not end on its way. */
const RENEW_BEFORE_MS = 10_000;
/** A cluster that refuses also the newest credential does not have the plugin run for every call. */
const REFUSABLE_AFTER_MS = 10_000;

export function createCredentialSource(
  credential: ClusterCredential,
  cluster: ExecCluster,
): CredentialSource {
  switch (credential.kind) {
    case "none":
      return constant(NOTHING);
    case "token":
      return constant({ token: credential.token, certificate: null });
    case "clientCertificate":
      return constant({
        token: null,
        certificate: { certificate: credential.certificate, key: credential.key },
      });
    case "tokenFile":
      return renewed(() => readTokenFile(credential.path, cluster));
    case "exec":
      return renewed(() => runExecPlugin(credential.plugin, cluster));
  }
}

function constant(credential: CurrentCredential): CredentialSource {
  return { atHand: () => credential, current: async () => credential, refused: () => false };
}

/** Gets a credential when the last one ends or was refused; calls that come meanwhile wait for the same one. */
function renewed(get: () => Promise<ExecCredential>): CredentialSource {
  let known: ExecCredential | null = null;
  let knownSince = 0;
  let getting: Promise<ExecCredential> | null = null;
  const renew = async () => {
    try {
      known = await get();
      knownSince = Date.now();
      return known;
    } finally {
      getting = null;
    }
  };
  const atHand = () => (known && known.expiresAt - RENEW_BEFORE_MS > Date.now() ? known : null);
  return {
    atHand,
    current: async () => {
      const present = atHand();
      if (present) return present;
      getting ??= renew();
      return getting;
    },
    refused: (credential) => {
      if (known !== credential) return true;
      if (Date.now() - knownSince < REFUSABLE_AFTER_MS) return false;
      known = null;
      return true;
    },
  };
}

async function readTokenFile(path: string, cluster: ExecCluster): Promise<ExecCredential> {
  try {
    const token = (await readFile(path, "utf8")).trim();
    return { token, certificate: null, expiresAt: Date.now() + TOKEN_FILE_MS + RENEW_BEFORE_MS };
  } catch (cause) {
    const message = `The token file ${JSON.stringify(path)} of cluster ${cluster.name} cannot be read.`;
    throw new AppError("unavailable", message, { cause });
  }
}
