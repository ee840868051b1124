import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    environment: "node",
    include: ["{lib,sandbox,scripts,server,cli,app,test}/**/*.test.{ts,tsx}"],
    globalSetup: ["test/setup/postgres.ts"],
    // A process a file: modules keep their state on globalThis, which threads of one process would not share but files would.
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
