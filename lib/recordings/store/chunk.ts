/** A piece of a recording: one zstd frame of asciicast lines. The first begins with the header line; each ends with a comment of random bytes. */
export interface Chunk {
  recordingId: string;
  /** When the session started, milliseconds since the epoch: the partition's key. */
  startedAt: number;
  /** From 0, without gaps. */
  seq: number;
  /** Of its first and last event, milliseconds since the session's start. */
  fromMs: number;
  toMs: number;
  /** Bytes of stdout and stderr in it. */
  outputBytes: number;
  /** The zstd frame, before it is sealed. */
  data: Buffer;
  /** `chainHash` of the one before and this one. */
  hash: Buffer;
}
