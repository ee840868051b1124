import { Listeners } from "../listeners.ts";
import { processState } from "../process-state.ts";
import type { ProviderConfig } from "./provider-entry.ts";

const state = processState("config/stored-providers", () => ({
  providers: [] as readonly ProviderConfig[],
  listeners: new Listeners(),
}));

/** The identity providers that administrators keep in the console and that count, as this process read them last: they stand beside `config().providers`. */
export function storedProviders(): readonly ProviderConfig[] {
  return state.providers;
}

export function installStoredProviders(providers: readonly ProviderConfig[]): void {
  state.providers = providers;
  state.listeners.tell();
}

/** Calls `listener` after they were read again: whose people and groups count may be another question now. Returns the unsubscriber. */
export function onStoredProviders(listener: () => void): () => void {
  return state.listeners.add(listener);
}
