import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";

let project: string;

/** A project with this one's bootstrap, a package that it serves with and one that it is developed with. */
beforeEach(() => {
  project = mkdtempSync(path.join(tmpdir(), "kubewitness-run-"));
  mkdirSync(path.join(project, "scripts"));
  cpSync(path.join(import.meta.dirname, "run.mjs"), path.join(project, "scripts/run.mjs"));
  for (const name of ["start", "check"]) writeFileSync(path.join(project, `scripts/${name}.ts`), "");
  lock({ dependencies: pack("serving"), devDependencies: pack("developing") });
});
afterEach(() => rmSync(project, { recursive: true }));

function lock(dependencies: object): void {
  writeFileSync(path.join(project, "package.json"), JSON.stringify({ name: "project", ...dependencies }));
  // Elsewhere: npm would note as installed what it only locks.
  const elsewhere = path.join(project, "elsewhere");
  cpSync(path.join(project, "packages"), path.join(elsewhere, "packages"), { recursive: true });
  cpSync(path.join(project, "package.json"), path.join(elsewhere, "package.json"));
  npm(elsewhere, "install", "--package-lock-only", "--offline");
  cpSync(path.join(elsewhere, "package-lock.json"), path.join(project, "package-lock.json"));
}

/** A package of one file, as a dependency. */
function pack(name: string): Record<string, string> {
  const folder = path.join(project, "packages", name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, "package.json"), JSON.stringify({ name, version: "1.0.0" }));
  npm(folder, "pack");
  return { [name]: `file:packages/${name}/${name}-1.0.0.tgz` };
}

function npm(cwd: string, ...options: string[]): void {
  const { status, stderr } = spawnSync("npm", options, { cwd, encoding: "utf8" });
  if (status !== 0) throw new Error(`npm ${options[0]}: ${stderr}`);
}

/** Runs the bootstrap; whether it installed, and which of the two packages are there after it. */
function run(command: "start" | "check") {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["scripts/run.mjs", command], {
    cwd: project,
    encoding: "utf8",
    env: { ...process.env, npm_config_offline: "true" },
  });
  expect(stderr).toBe("");
  expect(status).toBe(0);
  const there = ["serving", "developing"].filter((name) =>
    existsSync(path.join(project, "node_modules", name)),
  );
  return { installed: stdout.includes("npm ci"), there };
}

it("installs for a start what serving needs, once, and the rest when a command needs it", () => {
  expect(run("start")).toEqual({ installed: true, there: ["serving"] });
  expect(run("start")).toEqual({ installed: false, there: ["serving"] });
  expect(run("check")).toEqual({ installed: true, there: ["serving", "developing"] });
  expect(run("start")).toEqual({ installed: false, there: ["serving", "developing"] });
});

it("installs again what was cut short", () => {
  run("start");
  rmSync(path.join(project, "node_modules/.package-lock.json"));
  rmSync(path.join(project, "node_modules/serving"), { recursive: true });
  expect(run("start")).toEqual({ installed: true, there: ["serving"] });
});

it("keeps what somebody develops with when a start has to install", () => {
  run("check");
  lock({ dependencies: { ...pack("serving"), ...pack("added") }, devDependencies: pack("developing") });
  expect(run("start")).toEqual({ installed: true, there: ["serving", "developing"] });
});
