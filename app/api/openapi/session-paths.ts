import type { ZodOpenApiPathsObject } from "zod-openapi";
import { RecordingPath } from "../../../lib/audit/recordings/schema.ts";
import { DownloadQuery } from "../../../lib/recordings/download/schema.ts";
import { EndSessionInput, RecordingDetail, RunningSessions } from "../../../lib/recordings/live/schema.ts";
import { PlaybackIndex, PlaybackSegment, SegmentPath } from "../../../lib/recordings/playback/schema.ts";
import { RecordingSearch, RecordingSearchQuery } from "../../../lib/recordings/search/schema.ts";
import { describeOperation } from "./operation.ts";

const TAG = "Pod Session Recordings";

/** Sessions while they run, and their recordings. */
export const sessionPaths: ZodOpenApiPathsObject = {
  "/api/v1/recordings/running": {
    get: describeOperation({
      id: "listRunningSessions",
      summary: "Recorded sessions that are under way",
      tag: TAG,
      answers: { "application/json": RunningSessions },
      refusals: [401, 503],
    }),
  },
  "/api/v1/recordings/{id}": {
    get: describeOperation({
      id: "getRecording",
      summary: "One recording: its row and whether it can be played, or the session that runs",
      tag: TAG,
      path: RecordingPath,
      answers: { "application/json": RecordingDetail },
      refusals: [400, 401, 404, 503],
    }),
  },
  "/api/v1/recordings/{id}/watch": {
    get: describeOperation({
      id: "watchSession",
      summary: "Watch a running session, less than a second behind",
      description:
        "Server-sent events: `size` (`columns`, `rows`) and what was shown last, at most 2 MB, then what is shown as it is: `events`, a list of `[milliseconds since the session's start, code, data]`. The codes are asciicast's: `o` output, `e` output to stderr, `i` input, `r` a new size, `m` a command of the web shell, `x` the exit code. The last is `end`, whose `reason` is `over`, or `broken` with a `problem`. A stream that ends without it is asked for again and begins anew.",
      tag: TAG,
      path: RecordingPath,
      answers: { "text/event-stream": "Events: `size`, `events`, `end`." },
      refusals: [400, 401, 403, 404, 409, 429, 503],
    }),
  },
  "/api/v1/recordings/{id}/download": {
    get: describeOperation({
      id: "downloadRecording",
      summary: "Download a recording as asciicast v3 or v2, or as text",
      description:
        "Written while it is sent. In asciicasts stderr is output, and what is no text (files of a copy, binary output) is a marker with its size and SHA-256. Text is what was shown, without control sequences. Where a piece of the recording was changed or is missing, the file ends before it and says so in its last line (a marker, or a line in brackets); where that is known already, the header `X-Recording-Problem` says it beforehand.",
      tag: TAG,
      path: RecordingPath,
      query: DownloadQuery,
      answers: {
        "application/x-asciicast": "The recording as an asciicast.",
        "text/plain": "What was shown.",
      },
      answerHeaders: {
        "X-Recording-Problem": {
          description: "What is known already to be wrong with the recording; absent where nothing is.",
          schema: { type: "string" },
        },
      },
      refusals: [400, 401, 403, 404, 409, 429, 503],
    }),
  },
  "/api/v1/recordings/{id}/end": {
    post: describeOperation({
      id: "endSession",
      summary: "End a running session within two seconds; its person reads who ended it, and why",
      tag: TAG,
      path: RecordingPath,
      body: EndSessionInput,
      status: "204",
      answers: {},
      refusals: [400, 401, 403, 404, 409],
    }),
  },
  "/api/v1/recordings/{id}/playback": {
    get: describeOperation({
      id: "getPlayback",
      summary:
        "What a player needs first: segments, command lines, idle time, files; whether the recording is whole",
      description: "An event `Playback` each time.",
      tag: TAG,
      path: RecordingPath,
      answers: { "application/json": PlaybackIndex },
      refusals: [400, 401, 403, 404, 409, 503],
    }),
  },
  "/api/v1/recordings/{id}/segments/{seq}": {
    get: describeOperation({
      id: "getSegment",
      summary: "A part of a recording: the screen as it was at its start, and what happened from there on",
      description:
        "`snapshot.init` is what a new terminal of that size is given first. Without a TTY it is the lines before, and a line feed alone ends a line.",
      tag: TAG,
      path: SegmentPath,
      answers: { "application/json": PlaybackSegment },
      refusals: [400, 401, 403, 404, 409, 503],
    }),
  },
  "/api/v1/recordings/{id}/search": {
    get: describeOperation({
      id: "searchRecording",
      summary: "Where a text was typed or shown in one recording",
      tag: TAG,
      path: RecordingPath,
      query: RecordingSearchQuery,
      answers: { "application/json": RecordingSearch },
      refusals: [400, 401, 403, 404, 409, 503],
    }),
  },
};
