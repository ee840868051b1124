import { homedir } from "node:os";
import path from "node:path";
import { Failure } from "../program/failure.ts";

type Environment = Record<string, string | undefined>;

/** Where this program keeps what it knows: XDG Base Directory Specification, a relative XDG_CONFIG_HOME does not count. */
export function configurationFolder(env: Environment): string {
  const { XDG_CONFIG_HOME: xdg } = env;
  if (xdg && path.isAbsolute(xdg)) return path.join(xdg, "kubewitness");
  const home = env.HOME || env.USERPROFILE || homedir();
  if (!home) throw new Failure("usage", "There is no home folder: set HOME or XDG_CONFIG_HOME.");
  return path.join(home, ".config", "kubewitness");
}

export const profilesFile = (env: Environment) => path.join(configurationFolder(env), "profiles.json");
export const signInFile = (env: Environment, profile: string) =>
  path.join(configurationFolder(env), "sign-ins", `${profile}.json`);
