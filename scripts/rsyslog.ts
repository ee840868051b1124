import { existsSync } from "node:fs";
import { canInstallPackages, installPackages } from "./debian-packages.ts";
import { announce, findOnPath } from "./steps.ts";

/** Where Debian keeps it; an ordinary user's PATH does not lead there. */
const SYSTEM_FILE = "/usr/sbin/rsyslogd";
/** The module that rsyslogd speaks TLS with. */
const TLS_MODULES = [
  "/usr/lib/x86_64-linux-gnu/rsyslog/lmnsd_ossl.so",
  "/usr/lib/aarch64-linux-gnu/rsyslog/lmnsd_ossl.so",
];

/** The syslog server that streams are tried with; undefined where there is none that speaks TLS. */
export function findRsyslogd(): string | undefined {
  if (!TLS_MODULES.some((file) => existsSync(file))) return undefined;
  return findOnPath("rsyslogd") ?? (existsSync(SYSTEM_FILE) ? SYSTEM_FILE : undefined);
}

/** Installs rsyslog where that can be done; elsewhere the tests that need it say that they are skipped. */
export async function ensureRsyslogd(): Promise<void> {
  if (findRsyslogd() !== undefined || !canInstallPackages()) return;
  announce("Installing rsyslog (apt-get)");
  const output = await installPackages("rsyslog", "rsyslog-openssl");
  if (findRsyslogd() === undefined)
    announce(`rsyslog could not be installed: its tests are skipped\n${output}`);
}
