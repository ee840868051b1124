import { defineConfig } from "vitest/config";

/**
 * Folders whose tests change nothing that a process has one of (configuration, database, clock, environment), so that they run one after the other in
 * the same processes: to start a process and import its modules is most of what a small test costs.
 */
const SHARING = [
  "app/{[(]console[)],components,signin}/**",
  "lib/{filter,http,limits,names,wire}/**",
  "lib/access/policy/**",
  "lib/audit/redaction/**",
  "lib/gateway/{answer,call,record,request}/**",
  "lib/recordings/{cast,recorder}/**",
  "lib/streams/formats/**",
  "lib/terminal/{commands,line}/**",
  "sandbox/kubernetes/{controllers,http,patch,protobuf,streams,table}/**",
  "test/docs/**",
].map((folder) => `${folder}/*.test.{ts,tsx}`);

const common = {
  environment: "node",
  pool: "forks",
  testTimeout: 30_000,
  hookTimeout: 120_000,
  // A second, which is the default, is what a busy machine takes to give a process its turn.
  expect: { poll: { timeout: 15_000 } },
} as const;

export default defineConfig({
  test: {
    maxWorkers: 3,
    projects: [
      {
        test: {
          ...common,
          // A process a file: modules keep their state on globalThis, which threads of one process would not share but files would.
          name: "apart",
          include: ["{lib,sandbox,scripts,server,cli,agent,app,test}/**/*.test.{ts,tsx}"],
          exclude: ["**/node_modules/**", ...SHARING],
          globalSetup: ["test/setup/postgres.ts"],
        },
      },
      { test: { ...common, name: "sharing", include: SHARING, isolate: false } },
    ],
  },
});
