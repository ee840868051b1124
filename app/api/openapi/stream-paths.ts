import type { z } from "zod";
import type { ZodOpenApiPathsObject } from "zod-openapi";
import { MeasureReplayQuery, ReplayMeasure } from "../../../lib/streams/replays/schema.ts";
import {
  CreateStreamInput,
  DeadLetterChoice,
  DeadLetterCount,
  DeadLetterList,
  DeadLetterQuery,
  ReplayInput,
  ReplayParameter,
  StreamList,
  StreamTest,
  StreamView,
  StreamWithSecrets,
  TryStreamInput,
  UpdateStreamInput,
} from "../../../lib/streams/schema.ts";
import { ExampleQuery, StreamExample } from "../../../lib/streams/trial/schema.ts";
import { IdParameter } from "../id-parameter.ts";
import { describeOperation } from "./operation.ts";

const json = (schema: z.ZodType) => ({ "application/json": schema });
const STREAMS = "Streams";
const READ = [400, 401, 403, 404] as const;
const CHANGE = [...READ, 409] as const;

const ofStream = (id: string, summary: string, answer: z.ZodType, body?: z.ZodType, status?: "201") =>
  describeOperation({
    id,
    summary,
    tag: STREAMS,
    path: IdParameter,
    body,
    ...(status ? { status } : null),
    answers: json(answer),
    refusals: CHANGE,
  });

/** Where the record is sent on to. */
export const streamPaths: ZodOpenApiPathsObject = {
  "/api/v1/streams": {
    get: describeOperation({
      id: "listStreams",
      summary: "Where the record is sent on to, and how far each has come",
      tag: STREAMS,
      answers: json(StreamList),
      refusals: [401, 403],
    }),
    post: describeOperation({
      id: "createStream",
      summary: "Add a stream; secrets that are made for it are shown once",
      tag: STREAMS,
      body: CreateStreamInput,
      status: "201",
      answers: json(StreamWithSecrets),
      refusals: [400, 401, 403, 409],
    }),
  },
  "/api/v1/streams/try": {
    post: describeOperation({
      id: "tryStream",
      summary: "Send a test record by a stream that is not kept yet",
      tag: STREAMS,
      body: TryStreamInput,
      answers: json(StreamTest),
      refusals: READ,
    }),
  },
  "/api/v1/streams/example": {
    get: describeOperation({
      id: "getStreamExample",
      summary: "A made-up record, written in a format as streams send it",
      tag: STREAMS,
      query: ExampleQuery,
      answers: json(StreamExample),
      refusals: [400, 401, 403],
    }),
  },
  "/api/v1/streams/{id}": {
    get: describeOperation({
      id: "getStream",
      summary: "One stream",
      tag: STREAMS,
      path: IdParameter,
      answers: json(StreamView),
      refusals: READ,
    }),
    patch: ofStream("updateStream", "Change a stream; it goes on where it is", StreamView, UpdateStreamInput),
    delete: describeOperation({
      id: "removeStream",
      summary: "Remove a stream, its cursors and its dead letters",
      tag: STREAMS,
      path: IdParameter,
      status: "204",
      answers: {},
      refusals: READ,
    }),
  },
  "/api/v1/streams/{id}/pause": {
    post: ofStream("pauseStream", "Send nothing more until it is resumed", StreamView),
  },
  "/api/v1/streams/{id}/resume": {
    post: ofStream("resumeStream", "Go on where it was paused or stopped", StreamView),
  },
  "/api/v1/streams/{id}/test": {
    post: ofStream("testStream", "Send a test record now, and say what came back", StreamTest),
  },
  "/api/v1/streams/{id}/replays": {
    post: ofStream("replayRange", "Send a range of numbers again", StreamView, ReplayInput, "201"),
  },
  "/api/v1/streams/{id}/replays/measure": {
    get: describeOperation({
      id: "measureReplay",
      summary: "What a replay of a range would send, by numbers or by times",
      tag: STREAMS,
      path: IdParameter,
      query: MeasureReplayQuery,
      answers: json(ReplayMeasure),
      refusals: READ,
    }),
  },
  "/api/v1/streams/{id}/replays/{replayId}": {
    delete: describeOperation({
      id: "cancelReplay",
      summary: "End a replay where it is",
      tag: STREAMS,
      path: ReplayParameter,
      answers: json(StreamView),
      refusals: READ,
    }),
  },
  "/api/v1/streams/{id}/dead-letters": {
    get: describeOperation({
      id: "listDeadLetters",
      summary: "Records that the receiver refused for good, newest first",
      tag: STREAMS,
      path: IdParameter,
      query: DeadLetterQuery,
      answers: json(DeadLetterList),
      refusals: READ,
    }),
  },
  "/api/v1/streams/{id}/dead-letters/replay": {
    post: ofStream("replayDeadLetters", "Send dead letters again", DeadLetterCount, DeadLetterChoice),
  },
  "/api/v1/streams/{id}/dead-letters/discard": {
    post: ofStream("discardDeadLetters", "Remove dead letters", DeadLetterCount, DeadLetterChoice),
  },
};
