import { requestTokens, type TokenAnswer, TokenRefusal } from "../oauth/token-endpoint.ts";
import { Failure } from "../program/failure.ts";
import { withFileLock } from "./file-lock.ts";
import { signInFile } from "./folder.ts";
import { keptToken, requireSignIn, type Wanted } from "./kept-token.ts";
import { type KeptToken, removeSignIn, type SignIn, writeSignIn } from "./sign-in.ts";

/** The resource indicator (RFC 8707) of a token that counts for one cluster alone. */
const clusterResource = (cluster: string): string => `urn:kubewitness:cluster:${cluster}`;

/**
 * A new token. However many processes ask at once, one of them refreshes and all have its answer, which is on the disk before anybody has it.
 * @throws Failure `notSignedIn`
 */
export function renewToken(wanted: Wanted): Promise<KeptToken> {
  const { terminal, profile } = wanted;
  return withFileLock(signInFile(terminal.env, profile.name), async () => {
    const signIn = requireSignIn(wanted);
    // Whoever had the lock before may have asked for the same.
    return keptToken(signIn, wanted) ?? (await uninterrupted(() => refresh(signIn, wanted)));
  });
}

async function refresh(signIn: SignIn, { terminal, profile, cluster }: Wanted): Promise<KeptToken> {
  const form = {
    grant_type: "refresh_token",
    refresh_token: signIn.refreshToken,
    ...(cluster === undefined ? {} : { resource: clusterResource(cluster) }),
  };
  let answer: TokenAnswer;
  try {
    const endpoint = { url: signIn.tokenEndpoint, certificateAuthority: profile.certificateAuthority };
    // Whether a request that was cut off was taken nobody knows: asked again at once, the installation takes it for the same.
    answer = await requestTokens(endpoint, form).catch((error) => {
      if (error instanceof Failure && error.reason === "unreachable") return requestTokens(endpoint, form);
      throw error;
    });
  } catch (error) {
    throw explainRefusal(error, { terminal, profile, cluster });
  }
  const token = { token: answer.accessToken, expiresAt: answer.expiresAt };
  const clusters = cluster === undefined ? signIn.clusters : { ...signIn.clusters, [cluster]: token };
  const access = cluster === undefined ? token : signIn.access;
  writeSignIn(terminal, profile.name, {
    ...signIn,
    refreshToken: answer.refreshToken,
    access,
    clusters: withoutOver(clusters),
  });
  return token;
}

const withoutOver = (clusters: SignIn["clusters"]): SignIn["clusters"] =>
  Object.fromEntries(Object.entries(clusters).filter(([, { expiresAt }]) => expiresAt > Date.now()));

function explainRefusal(error: unknown, { terminal, profile, cluster }: Wanted): unknown {
  if (!(error instanceof TokenRefusal)) return error;
  if (error.error === "invalid_target")
    return new Failure(
      "refused",
      `${profile.url} has no cluster ${JSON.stringify(cluster)} for you. See: kubewitness clusters`,
    );
  if (error.error !== "invalid_grant") return new Failure("failed", `${profile.url}: ${error.message}`);
  removeSignIn(terminal, profile.name);
  return new Failure(
    "notSignedIn",
    `Your sign-in to ${profile.url} has ended. Run: kubewitness login ${profile.url}`,
  );
}

/**
 * Ctrl-C at kubectl reaches this process, too. Between the use of a refresh token and its successor's being kept that would end the
 * sign-in, so it waits.
 */
async function uninterrupted<T>(run: () => Promise<T>): Promise<T> {
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  let interrupted: NodeJS.Signals | undefined;
  const wait = (signal: NodeJS.Signals) => {
    interrupted = signal;
  };
  for (const signal of signals) process.on(signal, wait);
  try {
    return await run();
  } finally {
    for (const signal of signals) process.off(signal, wait);
    if (interrupted) process.kill(process.pid, interrupted);
  }
}
