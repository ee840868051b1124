/** What a filter has to do with: it runs in a process of its own. */
export interface FilterContext {
  /** Without the filter's name. */
  words: string[];
  /** What it reads: the named files of the private directory one after the other, else what comes by `|` or `<`. */
  read(names: string[]): AsyncIterable<Buffer>;
  /** Writes to what follows, and waits where that is slow. */
  write(text: string): Promise<void>;
}

/** A filter: returns its exit code; throws a LineRefusal for words that it does not take. */
export type Filter = (context: FilterContext) => Promise<number>;
