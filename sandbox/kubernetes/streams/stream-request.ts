import type { PodRuntime } from "../shell/runtime.ts";

/** What the streams need to know of a pod. */
export interface PodView {
  name: string;
  ip: string;
  /** `ports` are the container's declared ports; the pod listens on these, and on port 7 (echo). */
  containers: { name: string; image: string; ports: number[] }[];
}

/** An upgrade request for a pod's exec, attach or portforward, already authenticated, authorised and validated. */
export interface StreamRequest {
  subresource: "exec" | "attach" | "portforward";
  namespace: string;
  pod: PodView;
  /** The container's name; for portforward any of the pod's. */
  container: string;
  /** exec only. */
  command: string[];
  stdin: boolean;
  stdout: boolean;
  stderr: boolean;
  tty: boolean;
  /** portforward over a channel protocol: the `ports` query values. Empty otherwise. */
  ports: number[];
  /** The container's runtime. */
  runtime: PodRuntime;
}
