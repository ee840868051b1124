import { SquareTerminal } from "lucide-react";
import { Button } from "../../../components/button.tsx";
import { MessagePanel } from "../../../components/message-panel.tsx";

/** No terminal is open: on which cluster is one to be? */
export function ChooseCluster({
  clusters,
  unknown,
  onChoose,
}: {
  clusters: readonly { id: string; name: string }[];
  /** A cluster that was asked for and is none of one's own. */
  unknown: string | null;
  onChoose: (cluster: { id: string; name: string }) => void;
}) {
  if (clusters.length === 0) {
    return (
      <MessagePanel role="status" title="No cluster is granted to you yet">
        Ask an administrator for a role on one; then a terminal with kubectl opens here.
      </MessagePanel>
    );
  }
  return (
    <MessagePanel
      role={unknown === null ? undefined : "status"}
      title={unknown === null ? "Open a terminal" : `“${unknown}” is no cluster of yours`}
      actions={clusters.map((cluster) => (
        <Button key={cluster.id} onClick={() => onChoose(cluster)}>
          <SquareTerminal aria-hidden />
          {cluster.name}
        </Button>
      ))}
    >
      kubectl as you, in the browser. Each command line and what is shown go on the record.
    </MessagePanel>
  );
}
