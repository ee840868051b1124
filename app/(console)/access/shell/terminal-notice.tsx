import { Button } from "../../../components/button.tsx";
import { useDelayed } from "../../../components/use-delayed.ts";
import type { ConnectionState } from "./terminal-connection.ts";

/** What there is to know of a terminal that is not simply connected: what happened, then what to do. */
export function TerminalNotice({
  state,
  cluster,
  onNew,
  onClose,
  onTakeBack,
}: {
  state: ConnectionState;
  cluster: string;
  onNew: () => void;
  onClose: () => void;
  onTakeBack: () => void;
}) {
  const isSlow = useDelayed(state.kind === "opening");
  switch (state.kind) {
    case "connected":
      return null;
    case "opening":
      return isSlow ? <Notice text={`Opening a terminal on ${cluster}…`} /> : null;
    case "reconnecting":
      return (
        <Notice
          look="warn"
          text="Connection lost, reconnecting…"
          detail="The screen is kept for 5 minutes."
        />
      );
    case "elsewhere":
      return (
        <Notice look="warn" text="This terminal was opened in another window." detail="It goes on there.">
          <Button size="small" onClick={onTakeBack}>
            Take it back
          </Button>
        </Notice>
      );
    case "ended":
      return (
        <Notice text="The terminal has ended." detail={state.reason}>
          <Button size="small" look="primary" onClick={onNew}>
            New terminal on {cluster}
          </Button>
          <Button size="small" onClick={onClose}>
            Close tab
          </Button>
        </Notice>
      );
    case "failed":
      return (
        <Notice look="fail" text="The terminal could not be opened." detail={state.message}>
          <Button size="small" look="primary" onClick={onNew}>
            Try again
          </Button>
          <Button size="small" onClick={onClose}>
            Close tab
          </Button>
        </Notice>
      );
  }
}

function Notice({
  look = "plain",
  text,
  detail,
  children,
}: {
  look?: "plain" | "warn" | "fail";
  text: string;
  detail?: string;
  children?: React.ReactNode;
}) {
  return (
    <div role={look === "fail" ? "alert" : "status"} className="shell-notice" data-look={look}>
      <p className="min-w-0">
        <strong className="font-medium">{text}</strong> {detail ? <span>{detail}</span> : null}
      </p>
      {children ? <div className="flex flex-none flex-wrap gap-2">{children}</div> : null}
    </div>
  );
}
