/** Names of places outside PostgreSQL. */
export type PlaceName = "directory" | "bucket";

/** What is put: its size and SHA-256 are known beforehand, and its bytes can be read more than once. */
export interface ArchiveContent {
  bytes: number;
  /** Hex. */
  sha256: string;
  read(): AsyncIterable<Buffer>;
}

export interface Span {
  offset: number;
  length: number;
}

/** Where recordings are kept outside PostgreSQL: one file or object each, written once. Errors are for the log, and name the place. */
export interface ArchivePlace {
  readonly name: PlaceName;
  /** The folder, or the endpoint with the bucket: for words about it. */
  readonly root: string;
  /** Resolves when it is there for good, as a whole; what was there of that name is replaced. */
  put(name: string, content: ArchiveContent): Promise<void>;
  /** @throws LostData where it is there without these bytes; any other error where it is away. */
  read(name: string, span: Span): Promise<Buffer>;
  /** Resolves also where there is none of that name. */
  remove(name: string): Promise<void>;
}

/** A place that is there, and has not what was put into it. */
export class LostData extends Error {
  override name = "LostData";
}
