import type { ProviderConfig } from "./provider-entry.ts";

interface Stored {
  providers: readonly ProviderConfig[];
  listeners: Set<() => void>;
}

// server.ts and Next load copies of this module; globalThis is what they share.
const shared = globalThis as typeof globalThis & { kubewitnessStoredProviders?: Stored };
shared.kubewitnessStoredProviders ??= { providers: [], listeners: new Set() };
const state = shared.kubewitnessStoredProviders;

/** The identity providers that administrators keep in the console and that count, as this process read them last: they stand beside `config().providers`. */
export function storedProviders(): readonly ProviderConfig[] {
  return state.providers;
}

export function installStoredProviders(providers: readonly ProviderConfig[]): void {
  state.providers = providers;
  for (const listener of state.listeners) listener();
}

/** Calls `listener` after they were read again: whose people and groups count may be another question now. Returns the unsubscriber. */
export function onStoredProviders(listener: () => void): () => void {
  state.listeners.add(listener);
  return () => void state.listeners.delete(listener);
}
