export interface JournalOptions {
  directory: string;
  /** Makes the directory where it is not made yet; called again until it succeeds. */
  prepare?: () => Promise<void>;
  /** Bytes on the disk from which on `admission` refuses. */
  maxBytes: number;
  /** Bytes of journals of earlier starts that are on the disk besides. */
  otherBytes?: () => number;
  /** Called after each flush with what is durable now: the position, and the frames since the journal was opened, of which so many are entries. */
  onDurable?: (durable: { position: number; frames: number; entries: number }) => void;
  /** Called with the number of frames that were appended and will not be durable. */
  onRefused?: (frames: number) => void;
  /** Called for each outcome that neither the disk nor the memory has room for. */
  onLost?: () => void;
}
