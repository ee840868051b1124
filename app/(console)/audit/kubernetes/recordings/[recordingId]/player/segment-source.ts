import { PlaybackSegment } from "../../../../../../../lib/recordings/playback/schema.ts";
import { requestJson } from "../../../../../../components/request-json.ts";

/** Of some 256 KB each: the one that is shown, its neighbours, and those that somebody goes back and forth between. */
const MOST_KEPT = 8;

/** The segments of one recording, by their place in the index. Asked for once each while they are kept; never all of them. */
export class SegmentSource {
  private readonly kept = new Map<number, Promise<PlaybackSegment>>();
  private readonly end = new AbortController();
  private readonly address: string;
  private readonly seqs: readonly number[];

  /** `address`: of the recording, `/api/v1/recordings/<id>`; `seqs`: of its segments, in their order. */
  constructor(address: string, seqs: readonly number[]) {
    this.address = address;
    this.seqs = seqs;
  }

  get length(): number {
    return this.seqs.length;
  }

  /** @throws RequestError where it cannot be had; the next call asks again. */
  load(place: number): Promise<PlaybackSegment> {
    const segment = this.kept.get(place) ?? this.ask(place);
    // What was used last is forgotten last.
    this.kept.delete(place);
    this.kept.set(place, segment);
    for (const oldest of this.kept.keys()) {
      if (this.kept.size <= MOST_KEPT) break;
      this.kept.delete(oldest);
    }
    return segment;
  }

  /** Asks for a segment that will be wanted soon. What goes wrong is told to whoever wants it. */
  prefetch(place: number): void {
    if (place < this.length && !this.kept.has(place)) this.load(place).catch(() => {});
  }

  close(): void {
    this.end.abort();
    this.kept.clear();
  }

  private ask(place: number): Promise<PlaybackSegment> {
    const asked = requestJson(`${this.address}/segments/${this.seqs[place]}`, PlaybackSegment, {
      signal: this.end.signal,
    });
    asked.catch(() => {
      if (this.kept.get(place) === asked) this.kept.delete(place);
    });
    return asked;
  }
}
