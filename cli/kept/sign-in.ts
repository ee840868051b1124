import { rmSync } from "node:fs";
import { Failure } from "../program/failure.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { signInFile } from "./folder.ts";
import { readPrivateFile, writePrivateFile } from "./private-file.ts";

export interface KeptToken {
  token: string;
  /** Milliseconds since 1970. */
  expiresAt: number;
}

/** What a login got. It is its owner's alone on the disk, and never printed. */
export interface SignIn {
  /** The console that it is of: its tokens go to no other, whatever the profile says by then. */
  url: string;
  tokenEndpoint: string;
  revocationEndpoint: string;
  /** Counts once: each use gives another. */
  refreshToken: string;
  /** For the console and the API. */
  access: KeptToken | null;
  /** For clusters, by their names. */
  clusters: Record<string, KeptToken>;
}

/** Null where one is not signed in. */
export function readSignIn({ env }: Pick<Terminal, "env">, profile: string): SignIn | null {
  const file = signInFile(env, profile);
  const text = readPrivateFile(file);
  if (text === null) return null;
  try {
    const kept = JSON.parse(text);
    return { ...kept, clusters: Object.assign(Object.create(null), kept.clusters) };
  } catch {
    throw new Failure("failed", `${file} is not JSON: run kubewitness login`);
  }
}

export function writeSignIn({ env }: Pick<Terminal, "env">, profile: string, signIn: SignIn): void {
  writePrivateFile(signInFile(env, profile), `${JSON.stringify(signIn, null, 2)}\n`);
}

export function removeSignIn({ env }: Pick<Terminal, "env">, profile: string): void {
  rmSync(signInFile(env, profile), { force: true });
}
