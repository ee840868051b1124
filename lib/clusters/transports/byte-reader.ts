/** Who reads a connection's bytes as they come. */
export interface ByteReader {
  /** The bytes are those of the next piece once this has returned. */
  onBytes(bytes: Buffer): void;
}
