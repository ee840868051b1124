import { type Config, type ConfigSources, loadConfig } from "./config/load-config.ts";

export { type Config, loadConfig } from "./config/load-config.ts";
export type { OidcProviderConfig, ProviderConfig } from "./config/provider-list.ts";
export { ConfigError } from "./config/read-settings.ts";

// server.ts and Next load copies of this module; globalThis is what they share.
const shared = globalThis as typeof globalThis & { kubewitnessConfig?: Config };

/** Where the process's own configuration comes from. */
export function processSources(): ConfigSources {
  return { env: process.env, cwd: process.cwd() };
}

/** The process's configuration: what the composition root installed, else read on first use. */
export function config(): Config {
  shared.kubewitnessConfig ??= loadConfig(processSources());
  return shared.kubewitnessConfig;
}

/** Sets the process's configuration (the composition root, tests). */
export function installConfig(installed: Config): void {
  shared.kubewitnessConfig = installed;
}
