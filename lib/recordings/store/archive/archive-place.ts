/** Names of places outside PostgreSQL. */
export type PlaceName = "directory" | "bucket";

/** What is put: its size and SHA-256 are known beforehand, and its bytes can be read more than once. */
export interface ArchiveContent {
  bytes: number;
  /** Hex. */
  sha256: string;
  read(): AsyncIterable<Buffer>;
}

/** Of a file or an object: a folder a day, a recording's id. */
const NAME = /^\d{4}-\d\d-\d\d\/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.recording$/;

/** A name as it is kept in the database. @throws where it is none of ours: what it leads to would be read, or removed. */
export function checkedName(name: string): string {
  if (!NAME.test(name))
    throw new Error(`recording_archive names ${JSON.stringify(name)}, which is no recording's`);
  return name;
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
