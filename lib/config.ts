import { type Config, type ConfigSources, loadConfig } from "./config/load-config.ts";
import { type OverlaidConfig, overlayConfig } from "./config/overlay.ts";

export { type Config, loadConfig } from "./config/load-config.ts";
export type { OidcProviderConfig, ProviderConfig, SamlProviderConfig } from "./config/provider-entry.ts";
export { ConfigError } from "./config/read-settings.ts";

interface Installed {
  /** As the environment and the file have it. */
  base: Config;
  /** With what administrators have set. */
  overlaid: OverlaidConfig;
}

// server.ts and Next load copies of this module; globalThis is what they share.
const shared = globalThis as typeof globalThis & {
  kubewitnessConfig?: Installed;
  kubewitnessConfigListeners?: Set<() => void>;
};

/** Where the process's own configuration comes from. */
export function processSources(): ConfigSources {
  return { env: process.env, cwd: process.cwd() };
}

/**
 * The process's configuration: what the composition root installed, else read on first use. Settings that may be changed while it runs are read
 * from it at each use.
 */
export function config(): Config {
  return installed().overlaid.config;
}

function installed(): Installed {
  if (!shared.kubewitnessConfig) installConfig(loadConfig(processSources()));
  return shared.kubewitnessConfig!;
}

/** Sets the process's configuration (the composition root, tests), without what was set while it ran. */
export function installConfig(base: Config): void {
  shared.kubewitnessConfig = { base, overlaid: { config: base, ignored: [] } };
}

/** Puts what administrators have set over the configuration: values by the setting's name, as config.yaml would have them. */
export function changeConfig(changed: ReadonlyMap<string, unknown>): OverlaidConfig {
  const known = installed();
  known.overlaid = overlayConfig(known.base, changed);
  for (const listener of listeners()) listener();
  return known.overlaid;
}

/** The configuration without what administrators have set. */
export const configAsStarted = (): Config => installed().base;

/** Of what administrators have set: what does not count. */
export const ignoredValues = (): OverlaidConfig["ignored"] => installed().overlaid.ignored;

/** Who wants to be told; also before there is a configuration. */
function listeners(): Set<() => void> {
  shared.kubewitnessConfigListeners ??= new Set();
  return shared.kubewitnessConfigListeners;
}

/** Calls `listener` after each change of the configuration. Returns the unsubscriber. */
export function onConfigChange(listener: () => void): () => void {
  listeners().add(listener);
  return () => void listeners().delete(listener);
}
