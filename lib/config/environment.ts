import type { Config } from "./load-config.ts";

/** Settings that Next reads from the environment itself. Called once, before it is loaded. */
export function exportToNext(config: Config): void {
  Object.assign(process.env, {
    NODE_ENV: config.development ? "development" : "production",
    NEXT_TELEMETRY_DISABLED: "1",
  });
}

/** next-auth takes its own address from the environment alone, or believes whatever Host header comes. */
export function exportToNextAuth({ publicUrl }: Config): void {
  process.env.NEXTAUTH_URL = publicUrl;
}
