import { checkedEntry } from "../../lib/audit/entry/check-entry.ts";
import type { KubeRequestEntry } from "../../lib/audit/entry/entry.ts";
import { entryText } from "../../lib/audit/entry/entry-text.ts";
import type { Intent, RecordDone, Recorder, RecordOptions } from "../../lib/audit/pipeline/recorder.ts";

const WRITTEN: Intent = { isDurable: true, whenDurable: (listener) => listener(null) };

/** Takes entries as the pipeline does, up to the text that would be written. */
export class TextRecorder implements Recorder {
  /** What came, for the bench to see that it measures what it means to. */
  entries = 0;
  bytes = 0;
  #waiting: RecordDone[] = [];

  admission(): ReturnType<Recorder["admission"]> {
    return { admitted: true };
  }

  recordIntent(entry: KubeRequestEntry): Intent {
    this.bytes += entryText(checkedEntry(entry)).length;
    return WRITTEN;
  }

  recordEntry(entry: KubeRequestEntry, _options: RecordOptions | undefined, done: RecordDone): void {
    this.entries += 1;
    this.bytes += entryText(checkedEntry(entry)).length;
    this.#waiting.push(done);
  }

  /** What the journal does once a turn. */
  flush(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const done of waiting) done("recorded");
  }
}
