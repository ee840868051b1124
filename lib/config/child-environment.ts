import { isSetting } from "./setting.ts";
import { listSettings } from "./settings.ts";

/** The environment of a program that the gateway starts: this process's, without the gateway's own settings, which hold secrets, and its cache. */
export function childEnvironment(additions: Record<string, string>): NodeJS.ProcessEnv {
  const own = new Set(
    listSettings()
      .filter(isSetting)
      .map(({ env }) => env),
  ).add("NODE_COMPILE_CACHE");
  const inherited = Object.entries(process.env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && !own.has(entry[0]) && !entry[0].startsWith("KUBEWITNESS_"),
  );
  return { ...Object.fromEntries(inherited), ...additions } as NodeJS.ProcessEnv;
}
