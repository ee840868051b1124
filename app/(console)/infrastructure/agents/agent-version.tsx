import type { AgentView } from "../../../../lib/tunnels/agents/schema.ts";

/** What an agent runs, and whether the gateway runs something newer. */
export function AgentVersion({ agent: { version, isOlder } }: { agent: AgentView }) {
  if (version === null) return <span className="faint">Not known</span>;
  return (
    <>
      {version}
      {isOlder ? (
        <span className="text-warn" title="Older than the gateway: it works, and is to be replaced">
          {" "}
          older
        </span>
      ) : null}
    </>
  );
}
