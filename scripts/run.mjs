// Bootstrap of every npm script: needs no dependency and runs on the system's own Node (20.19 or newer).
// Installs what the lock file asks for and is missing, then runs scripts/<command>.ts on the Node that the lock file pins.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** Each command with the packages that it needs. */
const COMMANDS = {
  start: "serving",
  generate: "serving",
  // The command line and the agent are bundled by what only developing needs.
  release: "all",
  agent: "all",
  cli: "all",
  dev: "all",
  test: "all",
  e2e: "all",
  bench: "all",
  torture: "all",
  check: "all",
};
const OLDEST_BOOTSTRAP_NODE = [20, 19];
const TYPE_STRIPPING_NODE_MAJOR = 24;

const startedAt = Date.now();
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const [command = "start", ...commandArguments] = process.argv.slice(2);

process.chdir(root);
refuseUnknownCommand();
refuseOldNode();
installWhatIsMissing();
runOnPinnedNode();

function refuseUnknownCommand() {
  if (Object.hasOwn(COMMANDS, command)) return;
  stop(`unknown command "${command}": takes one of ${Object.keys(COMMANDS).join(", ")}`);
}

function refuseOldNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_BOOTSTRAP_NODE;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
  stop(`Node ${process.versions.node} is too old: install Node ${OLDEST_BOOTSTRAP_NODE.join(".")} or newer`);
}

function installWhatIsMissing() {
  const wanted = readPackages("package-lock.json");
  const installed = readPackages("node_modules/.package-lock.json");
  if (isInstalled(packagesFor(COMMANDS[command], wanted), installed)) return;
  // What somebody develops with stays when only what serves has changed.
  const set = hasDevelopmentPackages(installed) ? "all" : COMMANDS[command];
  step(set === "all" ? "Installing all packages (npm ci)" : "Installing what serving needs (npm ci)");
  // --include: NODE_ENV=production or an omit setting of the user's would leave out what build and bootstrap need.
  const sets = set === "all" ? ["--include=dev"] : ["--omit=dev"];
  const install = spawnSync(
    "npm",
    ["ci", ...sets, "--include=optional", "--no-audit", "--no-fund", "--loglevel=error"],
    { stdio: ["ignore", "inherit", "inherit"], env: childEnvironment() },
  );
  if (install.error)
    stop(`npm could not be started (${install.error.message}): install npm, then run this again`);
  if (install.status !== 0) {
    stop("npm ci failed, see above: check the network and `npm config get registry`, then run this again");
  }
}

/** The packages of a lock file by their place; none where there is no file, as after an installation that was cut short. */
function readPackages(file) {
  const absolute = path.join(root, file);
  return existsSync(absolute) ? JSON.parse(readFileSync(absolute, "utf8")).packages : {};
}

function packagesFor(set, packages) {
  const entries = Object.entries(packages).filter(([location]) => location !== "");
  return set === "all" ? entries : entries.filter(([, entry]) => entry.dev !== true);
}

/** Compares what the lock file wants with the record that npm keeps of what it installed. */
function isInstalled(wanted, installed) {
  return wanted.every(([location, entry]) => {
    // Other platforms' binaries are optional and absent.
    if (!installed[location]) return entry.optional === true || entry.devOptional === true;
    return installed[location].version === entry.version && installed[location].integrity === entry.integrity;
  });
}

function hasDevelopmentPackages(installed) {
  return Object.values(installed).some((entry) => entry.dev === true);
}

function runOnPinnedNode() {
  const script = path.join(root, "scripts", `${command}.ts`);
  const child = spawn(pinnedNode(), ["--disable-warning=ExperimentalWarning", script, ...commandArguments], {
    // The channel tells the child when this process dies without a word (kill -9): see scripts/steps.ts.
    stdio: ["inherit", "inherit", "inherit", "ipc"],
    env: { ...childEnvironment(), KUBEWITNESS_RUN_STARTED_AT: String(startedAt) },
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => stop(`${child.spawnfile} could not be started: ${error.message}`));
  child.on("exit", (code, signal) => {
    process.exit(code ?? (signal === "SIGINT" ? 130 : signal === "SIGTERM" ? 143 : 1));
  });
}

/** Node from the lock file; on a platform for which the lock has none, the system's Node when it is new enough. */
function pinnedNode() {
  const pinned = path.join(root, "node_modules", ".bin", "node");
  if (existsSync(pinned)) return pinned;
  if (Number(process.versions.node.split(".")[0]) >= TYPE_STRIPPING_NODE_MAJOR) return process.execPath;
  return stop(
    `no Node ${TYPE_STRIPPING_NODE_MAJOR} for ${process.platform}-${process.arch} in the lock file and the system has ` +
      `${process.versions.node}: install Node ${TYPE_STRIPPING_NODE_MAJOR} or newer`,
  );
}

function childEnvironment() {
  const binaries = path.join(root, "node_modules", ".bin");
  return {
    ...process.env,
    PATH: binaries + path.delimiter + (process.env.PATH ?? ""),
    NEXT_TELEMETRY_DISABLED: "1",
    CHECKPOINT_DISABLE: "1",
    PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: "1",
    // Prisma downloads a native engine unless this names an executable; `prisma generate` never runs it.
    PRISMA_SCHEMA_ENGINE_BINARY: process.env.PRISMA_SCHEMA_ENGINE_BINARY ?? process.execPath,
  };
}

function step(text) {
  process.stdout.write(`[${((Date.now() - startedAt) / 1000).toFixed(1).padStart(6)} s] ${text}\n`);
}

function stop(message) {
  process.stderr.write(`error: ${message}\n`);
  process.exit(1);
}
