const shared = globalThis as typeof globalThis & { kubewitnessState?: Map<string, unknown> };

/**
 * State that belongs to the process. server.ts and Next load copies of every module: what lives in a module would exist
 * twice, and a cache emptied in one copy would keep its old entries in the other. `key` is `domain/what`.
 */
export function processState<T>(key: string, create: () => T): T {
  shared.kubewitnessState ??= new Map();
  const states = shared.kubewitnessState;
  const known = states.get(key) as T | undefined;
  if (known !== undefined) return known;
  const state = create();
  states.set(key, state);
  return state;
}
