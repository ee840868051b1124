import type { PlaybackSegment } from "../schema.ts";
import type { TextBlock } from "./text-blocks.ts";

export interface WrittenSegment {
  seq: number;
  startMs: number;
  content: PlaybackSegment;
}

/** Where what is rendered goes, piece by piece. */
export interface RenderSink {
  segment(segment: WrittenSegment): Promise<void>;
  text(blocks: TextBlock[]): Promise<void>;
}
