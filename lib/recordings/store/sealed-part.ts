import type { Config } from "../../config.ts";
import { openSealedBytes, sealBytes } from "../../pki/seal.ts";

/** How what is recorded is sealed: with the installation's key, from now on or not at all. What was sealed before is opened in either case. */
export interface PartSealing {
  /** 32 bytes. */
  key: Buffer;
  /** What was sealed before the key was replaced is opened with these. */
  formerKeys?: readonly Buffer[];
  seal: boolean;
}

export const partSealing = ({
  encryption,
  recordings,
}: Pick<Config, "encryption" | "recordings">): PartSealing => {
  return { ...encryption, seal: recordings.seal };
};

/** Which part of a recording it is: a sealed one cannot be opened as another. */
export interface Part {
  kind: "chunk" | "segment" | "index";
  recordingId: string;
  seq: number;
}

/** A part as it is kept. */
export interface KeptPart {
  sealed: boolean;
  data: Buffer;
}

const contextOf = ({ kind, recordingId, seq }: Part) => `recording/${recordingId}/${kind}/${seq}`;

export function sealPart({ key, seal }: PartSealing, part: Part, data: Buffer): KeptPart {
  return { sealed: seal, data: seal ? sealBytes({ key, context: contextOf(part), data }) : data };
}

/** @throws AppError `internal` where it was sealed with another key or as another part, or was changed since. */
export function openPart(
  keys: Pick<PartSealing, "key" | "formerKeys">,
  part: Part,
  { sealed, data }: KeptPart,
): Buffer {
  return sealed ? openSealedBytes({ ...keys, context: contextOf(part), sealed: data }) : data;
}
