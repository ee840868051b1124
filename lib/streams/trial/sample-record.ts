import type { UnwrittenRecord } from "../delivery/write-record.ts";
import type { StreamSurface } from "../surfaces/schema.ts";
import { SOURCES } from "../surfaces/sources.ts";

const LISTS = ["kubernetesGroups", "impersonatedGroups", "projects", "departments", "nodePools"];

/** A record that nothing happened for: of number 0, and it says so. */
export function sampleRecord(surface: StreamSurface, at: number): UnwrittenRecord {
  const blank = Object.fromEntries(
    SOURCES[surface].told.map((key) => [key, LISTS.includes(key) ? [] : null]),
  );
  return {
    no: 0,
    at,
    test: true,
    entry: { ...blank, no: 0, ...factsOf(surface, new Date(at).toISOString()) },
  };
}

const MESSAGE = "A test record: nothing happened";
const NO_ID = "00000000-0000-0000-0000-000000000000";

function factsOf(surface: StreamSurface, time: string): object {
  switch (surface) {
    case "requests":
      return {
        executedAt: time,
        result: "success",
        name: "Kubewitness",
        clusterName: "test",
        verb: "get",
        resource: "pods",
        namespace: "test",
        resourceName: "test",
        message: MESSAGE,
        httpStatus: 200,
        durationMs: 0,
        accessMethod: "CLI",
        auditId: NO_ID,
        stage: "complete",
      };
    case "events":
      return {
        happenedAt: time,
        action: "Update",
        operation: "Start",
        status: "Succeeded",
        entityType: "Stream",
        entityName: MESSAGE,
        sourceType: "System",
        sourceName: "Kubewitness",
        name: "Kubewitness",
      };
    case "recordings":
      return {
        startedAt: time,
        endedAt: time,
        result: "success",
        ending: "completed",
        name: "Kubewitness",
        clusterName: "test",
        namespace: "test",
        pod: "test",
        kind: "exec",
        tty: "no",
        accessMethod: "CLI",
        durationMs: 0,
        outputBytes: 0,
        storedBytes: 0,
        inputRecorded: "no",
        recordingId: NO_ID,
        chunks: 0,
        lastHash: "",
        message: MESSAGE,
      };
  }
}
