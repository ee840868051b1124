import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import type { Adapter, AdapterPayload } from "oidc-provider";
import { z } from "zod";

interface Stored {
  payload: AdapterPayload;
  /** Milliseconds since the epoch. */
  expiresAt: number;
}

const File = z.array(
  z.tuple([z.string(), z.object({ payload: z.record(z.string(), z.unknown()), expiresAt: z.number() })]),
);

/** What must outlive a restart, or everybody who signed in before would lose their access. */
const KEPT = ["RefreshToken:", "Grant:"];
const NEVER = 8.64e15;

/**
 * What the provider remembers: in memory, and, where `file` is given, refresh tokens and grants also there.
 */
export class SandboxStorage {
  readonly #entries = new Map<string, Stored>();
  readonly #file: string | null;

  constructor(file: string | null) {
    this.#file = file;
    if (file && existsSync(file)) this.#entries = new Map(File.parse(JSON.parse(readFileSync(file, "utf8"))));
  }

  adapterFor(model: string): Adapter {
    const keyOf = (id: string) => `${model}:${id}`;
    return {
      upsert: async (id, payload, expiresIn) => this.#set(keyOf(id), payload, expiresIn),
      find: async (id) => this.#get(keyOf(id)),
      findByUid: async (uid) => this.#find(model, (payload) => payload.uid === uid),
      findByUserCode: async () => undefined,
      destroy: async (id) => this.#delete((key) => key === keyOf(id)),
      consume: async (id) => {
        const payload = this.#get(keyOf(id));
        if (payload) payload.consumed = Math.floor(Date.now() / 1_000);
        this.#save(keyOf(id));
      },
      revokeByGrantId: async (grantId) => this.#delete((_key, { payload }) => payload.grantId === grantId),
    };
  }

  #get(key: string): AdapterPayload | undefined {
    const stored = this.#entries.get(key);
    return stored && stored.expiresAt > Date.now() ? stored.payload : undefined;
  }

  #find(model: string, matches: (payload: AdapterPayload) => boolean): AdapterPayload | undefined {
    const keys = [...this.#entries.keys()].filter((key) => key.startsWith(`${model}:`));
    return keys.map((key) => this.#get(key)).find((payload) => payload !== undefined && matches(payload));
  }

  #set(key: string, payload: AdapterPayload, expiresIn: number | undefined): void {
    const now = Date.now();
    for (const [other, { expiresAt }] of this.#entries) if (expiresAt <= now) this.#entries.delete(other);
    this.#entries.set(key, { payload, expiresAt: expiresIn === undefined ? NEVER : now + expiresIn * 1_000 });
    this.#save(key);
  }

  #delete(matches: (key: string, stored: Stored) => boolean): void {
    for (const [key, stored] of this.#entries) {
      if (!matches(key, stored)) continue;
      this.#entries.delete(key);
      this.#save(key);
    }
  }

  #save(changedKey: string): void {
    if (!this.#file || !isKept(changedKey)) return;
    const kept = [...this.#entries].filter(([key]) => isKept(key));
    const unfinished = `${this.#file}.unfinished`;
    writeFileSync(unfinished, JSON.stringify(kept), { mode: 0o600 });
    renameSync(unfinished, this.#file);
  }
}

const isKept = (key: string) => KEPT.some((prefix) => key.startsWith(prefix));
