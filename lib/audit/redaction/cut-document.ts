import { redactedText } from "./mark.ts";

// The end of a document may be missing: it was cut, or a client left while it sent it. What an object is can stand at its end.

/** Text that may be a manifest whose `kind` is missing. */
export const mayBeManifest = (text: string): boolean => /^\s*[[{"]|data["']?\s*:/i.test(text);

/** The objects and arrays that the end of a document is in: the root, the last value in it, and so on. */
export function lastContainers(root: unknown, depth = Number.POSITIVE_INFINITY): Set<object> {
  const containers = new Set<object>();
  for (let value = root; isContainer(value) && containers.size < depth && !containers.has(value); ) {
    containers.add(value);
    value = Object.values(value).at(-1);
  }
  return containers;
}

const isContainer = (value: unknown): value is object => value !== null && typeof value === "object";

/** Takes out the last text of a document (in place) where it may be a manifest that was cut. */
export function redactLastText(root: unknown): void {
  const holder = [...lastContainers(root)].at(-1) as Record<string, unknown> | undefined;
  const [key, value] = Object.entries(holder ?? {}).at(-1) ?? [];
  if (key !== undefined && typeof value === "string" && mayBeManifest(value))
    holder![key] = redactedText(value);
}
