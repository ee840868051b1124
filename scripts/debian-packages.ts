import { findOnPath, runCaptured } from "./steps.ts";

/** Whether packages of Debian and its kin can be installed here: by root alone. */
export const canInstallPackages = () => process.getuid?.() === 0 && findOnPath("apt-get") !== undefined;

/** Installs packages of Debian and its kin; resolves with the end of what apt-get said. */
export async function installPackages(...names: string[]): Promise<string> {
  const environment = { DEBIAN_FRONTEND: "noninteractive" };
  await runCaptured("apt-get", ["update", "-qq"], environment);
  const options = ["install", "-y", "-qq", "--no-install-recommends", ...names];
  return (await runCaptured("apt-get", options, environment)).output.slice(-2000);
}
