import type { Call } from "../http/call.ts";

export function handleOpenApi(_call: Call): boolean {
  return false;
}
