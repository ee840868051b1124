import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { loadConfig } from "../config.ts";
import { listSettings } from "./settings.ts";
import { listShownSettings } from "./shown-settings.ts";

const cwd = mkdtempSync(path.join(tmpdir(), "kubewitness-"));
afterAll(() => rmSync(cwd, { recursive: true }));

const SECRETS = {
  DATABASE_URL: "postgresql://kube:hunter2@db.example/kubewitness",
  NEXTAUTH_SECRET: "an-auth-secret-of-at-least-32-characters",
  KUBEWITNESS_ENCRYPTION_KEY: Buffer.alloc(32, 7).toString("base64"),
  OIDC_CLIENT_SECRET: "client-s3cret",
};
const shown = listShownSettings(
  loadConfig({
    env: {
      ...SECRETS,
      OIDC_ISSUER: "https://login.example",
      OIDC_CLIENT_ID: "kubewitness",
      KUBEWITNESS_TRUSTED_PROXIES: "10.0.0.0/8,192.0.2.1",
      KUBEWITNESS_TOKENS_LIFETIME: "12h",
      KUBEWITNESS_AUDIT_REDACT_EXEC_ARGUMENTS: "pass(word)?=\\S+\ntoken=\\S+",
    },
    cwd,
  }),
);
const shownAs = (name: string) => shown.find((setting) => setting.name === name)?.value;

test("every setting is shown, with its value in effect", () => {
  expect(shown.map(({ name }) => name).sort()).toEqual(
    listSettings()
      .map(({ yaml }) => yaml)
      .sort(),
  );
  expect(shownAs("audit.retention_days")).toBe("90");
  expect(shownAs("audit.journal.max_bytes")).toBe("2 GiB");
  expect(shownAs("tokens.lifetime")).toBe("12 h");
  expect(shownAs("trustedProxies")).toBe("10.0.0.0/8, 192.0.2.1");
  expect(shownAs("audit.sync")).toBe("No");
  expect(shownAs("oidc.issuer")).toBe("https://login.example");
  expect(shownAs("publicUrl")).toBe("http://localhost:3000");
  expect(shownAs("tls.certificate")).toBeNull();
});

test("no secret and no expression is in it", () => {
  const text = JSON.stringify(shown);
  for (const secret of Object.values(SECRETS)) expect(text).not.toContain(secret);
  expect(text).not.toMatch(/hunter2|pass\(word/);
  expect(shownAs("audit.redact.exec_arguments")).toBe("2 of them, not shown");
  expect(shownAs("oidc.clientSecret")).toBe("Set, not shown");
});
