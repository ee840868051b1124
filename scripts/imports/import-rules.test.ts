import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findViolations } from "./import-rules.ts";
import { readSourceFile } from "./read-imports.ts";

let root: string;
beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), "kubewitness-imports-"));
});
afterAll(() => rmSync(root, { recursive: true }));

const check = (files: Record<string, string>): string[] => {
  for (const [file, source] of Object.entries(files)) {
    mkdirSync(path.join(root, path.dirname(file)), { recursive: true });
    writeFileSync(path.join(root, file), source);
  }
  const sources = Object.keys(files).map((file) => readSourceFile(root, file));
  return findViolations(sources).map(({ file, line, text }) => `${file}:${line} ${text}`);
};

describe("a violation is caught", () => {
  it.each([
    ["app on lib/db", "app/a.ts", 'import { pool } from "../lib/db/connection.ts";', "app asks a domain"],
    ["app on a driver", "app/a.ts", 'import pg from "pg";', "app asks a domain"],
    [
      "app on the gateway",
      "app/a.ts",
      'import x from "../lib/gateway/start.ts";',
      "nothing imports lib/gateway",
    ],
    [
      "a domain on the gateway",
      "lib/audit/a.ts",
      'import x from "../gateway/start.ts";',
      "nothing imports lib/gateway",
    ],
    [
      "a room of the gateway on a later one",
      "lib/gateway/call/a.ts",
      'import x from "../forward/forward.ts";',
      "a room of lib/gateway uses only",
    ],
    [
      "a room of the gateway on the chain",
      "lib/gateway/arrive/a.ts",
      'import x from "../handler.ts";',
      "a room of lib/gateway uses only",
    ],
    ["lib on app", "lib/a.ts", 'import x from "../app/a.ts";', "lib imports neither app"],
    [
      "the base on a domain",
      "lib/db/a.ts",
      'import type { X } from "../audit/entry.ts";',
      "imports no domain",
    ],
    ["audit on access", "lib/audit/a.ts", 'export * from "../access/schema.ts";', "audit imports neither"],
    [
      "filter on the house",
      "lib/filter/a.ts",
      'import { config } from "../config.ts";',
      "import nothing of the house",
    ],
    ["wire on filter", "lib/wire/a.ts", 'import x from "../filter/tree.ts";', "import nothing of the house"],
    [
      "next-auth outside identity",
      "app/a.ts",
      'import { getServerSession } from "next-auth/next";',
      "only lib/identity",
    ],
    [
      "app on sandbox",
      "app/a.ts",
      'const x = await import("kubewitness-sandbox/oidc");',
      "nothing imports sandbox",
    ],
    [
      "a test past the doors of sandbox",
      "lib/a.test.ts",
      'import x from "../sandbox/kubernetes/server.ts";',
      "sandbox is a package",
    ],
    [
      "sandbox on lib",
      "sandbox/a.ts",
      'import { log } from "../lib/log.ts";',
      "sandbox imports only lib/wire",
    ],
    [
      "a test of sandbox on a domain",
      "sandbox/a.test.ts",
      'import x from "../lib/identity/tokens.ts";',
      "sandbox imports only lib/wire",
    ],
    ["code on what is for tests", "lib/a.ts", 'import x from "./testing/client.ts";', "only tests, scripts"],
    [
      "the environment",
      "lib/a.ts",
      "\nexport const port = process.env.PORT;",
      "only lib/config.ts reads process.env",
    ],
  ])("%s", (_name, file, source, rule) => {
    const found = check({ [file]: source });
    expect(found.length).toBeGreaterThan(0);
    expect(found.join("\n")).toContain(rule);
    expect(found[0]).toMatch(new RegExp(`^${file}:${source.startsWith("\n") ? 2 : 1} `));
  });

  it("in a file that only a client component imports", () => {
    const found = check({
      "app/page.tsx": '"use client";\nimport { Row } from "./row.tsx";\nexport default () => <Row />;',
      "app/row.tsx":
        'import { listRows } from "../lib/audit/list.ts";\nexport const Row = () => <p>{listRows()}</p>;',
    });
    expect(found).toEqual([
      "app/row.tsx:1 imports ../lib/audit/list.ts: what runs in the browser imports from lib only schema.ts files and lib/filter",
    ]);
  });

  it("behind a schema.ts that pulls in more", () => {
    const found = check({
      "app/page.tsx": '"use client";\nimport { fields } from "../lib/audit/schema.ts";\nexport { fields };',
      "lib/audit/schema.ts": 'import { config } from "../config.ts";\nexport const fields = config();',
    });
    expect(found).toHaveLength(1);
    expect(found[0]).toContain("lib/audit/schema.ts:1");
  });
});

it("lets the permitted directions be", () => {
  const found = check({
    "server.ts": 'import "./lib/gateway/start.ts";\nimport "./server/demo/seed.ts";',
    "lib/gateway/session/a.ts": 'import "../forward/b.ts";\nimport "../answer/c.ts";\nimport "./d.ts";',
    "lib/gateway/handler.ts":
      'import "../audit/recorder.ts";\nimport "../access/decide.ts";\nimport "../db/pool.ts";',
    "lib/identity/options.ts":
      'import NextAuth from "next-auth";\nimport "../audit/events/record.ts";\nNextAuth();',
    "app/page.tsx":
      '"use client";\nimport "../lib/filter/parse.ts";\nimport "../lib/audit/request-audit/schema.ts";',
    "app/types.tsx":
      '"use client";\nimport type { Context } from "../lib/context.ts";\nexport type { Context };',
    "app/list.ts": 'import { listRequests } from "../lib/audit/request-audit/read.ts";\nlistRequests();',
    "server/demo/seed.ts": 'import "../../lib/identity/tokens.ts";\nimport "kubewitness-sandbox/oidc";',
    "lib/audit/a.test.ts": 'import "../../test/database.ts";\nimport "kubewitness-sandbox/kubernetes";',
    "sandbox/a.test.ts": 'import "../scripts/kubectl-binaries.ts";\nimport "../lib/wire/fixtures/a.ts";',
  });
  expect(found).toEqual([]);
});
