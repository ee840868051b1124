import { type Environment, textOf, wrongSetting } from "./environment.ts";

/** `KUBEWITNESS_AGENT_LISTEN`: where health and metrics are answered; `:8080` is every address. */
export function readListenAddress(environment: Environment): { host: string; port: number } {
  const text = textOf(environment, "KUBEWITNESS_AGENT_LISTEN") ?? "127.0.0.1:9808";
  const [, host = "", digits] = /^(?:\[([\da-f:]+)\]|[\w.-]*):(\d{1,5})$/i.exec(text) ?? [];
  const port = Number(digits);
  if (digits === undefined || port > 65_535) {
    throw wrongSetting("KUBEWITNESS_AGENT_LISTEN", {
      got: text,
      takes: "host:port, or :port for every address",
    });
  }
  return { host: host || text.slice(0, text.lastIndexOf(":")) || "::", port };
}
