import { createHash } from "node:crypto";

/** What the first chunk's hash follows: bound to the recording, so that no chunk can be another's. */
export const firstHash = (recordingId: string): Buffer =>
  createHash("sha256").update(`kubewitness recording 1\n${recordingId}\n`).digest();

/** The hash of a chunk: SHA-256 of the hash before it, its place and times, and its bytes before they are sealed. */
export function chainHash(
  before: Uint8Array,
  { seq, fromMs, toMs, data }: { seq: number; fromMs: number; toMs: number; data: Uint8Array },
): Buffer {
  return createHash("sha256").update(before).update(`\n${seq} ${fromMs} ${toMs}\n`).update(data).digest();
}
