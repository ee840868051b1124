import { spawn } from "node:child_process";
import type { Terminal } from "./terminal.ts";

/** Whether there is likely a browser that this machine's person sees. */
export function hasBrowser({ env }: Pick<Terminal, "env">): boolean {
  if (env.BROWSER) return true;
  if (process.platform === "darwin" || process.platform === "win32") return !env.SSH_CONNECTION;
  return Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
}

/** Opens an address in the person's browser. Where that does not work they have the address in their terminal. */
export function openBrowser({ env }: Pick<Terminal, "env">, address: string): void {
  const [program, ...words] = programOf(env);
  const child = spawn(program!, [...words, address], { stdio: "ignore", detached: true });
  child.on("error", () => {});
  child.unref();
}

function programOf({ BROWSER }: Terminal["env"]): string[] {
  if (BROWSER) return [BROWSER];
  if (process.platform === "darwin") return ["open"];
  // Not `start`: cmd.exe reads the address's & as its own.
  if (process.platform === "win32") return ["rundll32", "url.dll,FileProtocolHandler"];
  return ["xdg-open"];
}
