"use client";

import { ArrowDownToLine, ArrowUpFromLine, FileDigit } from "lucide-react";
import type { PlaybackIndex } from "../../../../../../../lib/recordings/playback/schema.ts";
import { formatBytes, formatNumber } from "../../../../../../components/audit/format-count.ts";
import { CopyButton } from "../../../../../../components/copy-button.tsx";
import { formatPosition } from "../../../../../../components/recordings/moment.ts";

const STREAMS = {
  stdin: "Sent into the pod",
  stdout: "Sent out of the pod",
  stderr: "Sent to stderr",
} as const;

/** The files that a session copied, and what was no text: names, sizes and hashes; their contents are not recorded. */
export function TransferList({
  index: { files, binaries },
  onSeek,
}: {
  index: PlaybackIndex;
  onSeek: (atMs: number) => void;
}) {
  if (files.length + binaries.length === 0) return null;
  return (
    <section className="recording-part is-files" aria-labelledby="recording-files">
      <h2 id="recording-files">
        Files <span>{formatNumber(files.length + binaries.length)}, contents not recorded</span>
      </h2>
      <ol className="recording-files">
        {files.map(({ atMs, name, size, sha256, direction }, at) => (
          <Transfer
            // biome-ignore lint/suspicious/noArrayIndexKey: a file may be copied twice at a moment
            key={`file ${at}`}
            icon={
              direction === "from" ? (
                <ArrowDownToLine role="img" aria-label="Out of the pod" />
              ) : (
                <ArrowUpFromLine role="img" aria-label="Into the pod" />
              )
            }
            name={<span className="identifier">{name}</span>}
            {...{ atMs, bytes: size, sha256, onSeek }}
          />
        ))}
        {binaries.map(({ atMs, stream, bytes, sha256 }, at) => (
          <Transfer
            // biome-ignore lint/suspicious/noArrayIndexKey: several may end at a moment
            key={`binary ${at}`}
            icon={<FileDigit aria-hidden />}
            name={`${STREAMS[stream]}, no text`}
            {...{ atMs, bytes, sha256, onSeek }}
          />
        ))}
      </ol>
    </section>
  );
}

function Transfer({
  atMs,
  icon,
  name,
  bytes,
  sha256,
  onSeek,
}: {
  atMs: number;
  icon: React.ReactNode;
  name: React.ReactNode;
  bytes: number;
  sha256: string;
  onSeek: (atMs: number) => void;
}) {
  return (
    <li>
      <button type="button" className="at" onClick={() => onSeek(atMs)} title="Go to this moment">
        {formatPosition(atMs)}
      </button>
      {icon}
      <span className="name">{name}</span>
      <span className="size">{formatBytes(bytes)}</span>
      <span className="hash mono">
        <span className="cut" title={`SHA-256 ${sha256}`}>
          {sha256}
        </span>
        <CopyButton text={sha256} label="Copy SHA-256" />
      </span>
    </li>
  );
}
