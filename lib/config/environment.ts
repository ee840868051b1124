import type { Config } from "../config.ts";

/** Settings that libraries read from the environment themselves: Next, next-auth. Called once, before they are loaded. */
export function exportToEnvironment(config: Config): void {
  Object.assign(process.env, {
    NODE_ENV: config.development ? "development" : "production",
    NEXT_TELEMETRY_DISABLED: "1",
    NEXTAUTH_URL: config.publicUrl,
    NEXTAUTH_SECRET: config.auth.secret,
  });
}
