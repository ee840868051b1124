"use client";

import { useRef, useState } from "react";
import type { RunningSession } from "../../../../../../../lib/recordings/live/schema.ts";
import { formatBytes } from "../../../../../../components/audit/format-count.ts";
import { useShortcuts } from "../../../../../../components/audit/shortcuts/use-shortcuts.ts";
import { Button } from "../../../../../../components/button.tsx";
import { EndSessionDialog } from "../../../../../../components/recordings/end-session-dialog.tsx";
import { formatPosition } from "../../../../../../components/recordings/moment.ts";
import { useRunningSessions } from "../../../../../../components/recordings/use-running-sessions.ts";
import { TopBar } from "../../../../../../components/shell/top-bar.tsx";
import { useViewer } from "../../../../../../components/shell/viewer.tsx";
import { useNow } from "../../../../../../components/time/use-now.ts";
import { RECORDINGS_PATH } from "../recording-frame.tsx";
import type { ShownScreen } from "../screen/shown-screen.ts";
import { StreamsView } from "../screen/streams-view.tsx";
import { Fact, SessionFacts } from "../session-facts.tsx";
import { useFullScreen } from "../use-full-screen.ts";
import { LiveTerminal } from "./live-terminal.tsx";
import { useWatch } from "./use-watch.ts";
import { WatchMark } from "./watch-mark.tsx";

const ASK_MS = 5_000;

/** A session that runs, watched. */
export function LiveSession({
  session,
  address,
  onEnd,
}: {
  session: RunningSession;
  address: string;
  onEnd: () => void;
}) {
  const [shown, setShown] = useState<ShownScreen | null>(null);
  const [ending, setEnding] = useState(false);
  const stage = useRef<HTMLElement>(null);
  const full = useFullScreen(stage);
  const watch = useWatch(address, shown?.screen ?? null, onEnd);
  const mayEnd = useViewer().permissions.includes("recordings:end");
  const now = useNow(1_000);
  const running = useRunningSessions(ASK_MS);
  const listed = running.data?.sessions.find(({ recordingId }) => recordingId === session.recordingId);
  const { outputBytes, endRequested } = listed ?? session;
  useShortcuts({ f: full.toggle });
  const Screen = session.tty ? LiveTerminal : StreamsView;
  return (
    <main className="page page-recording">
      <TopBar path={RECORDINGS_PATH} title="Live">
        {mayEnd ? (
          <Button
            look="danger-plain"
            aria-disabled={endRequested}
            onClick={() => !endRequested && setEnding(true)}
          >
            {endRequested ? "Ending" : "End session…"}
          </Button>
        ) : null}
      </TopBar>
      <SessionFacts session={session}>
        <Fact name="Running">
          <span className="tabular-nums">
            {now === null ? "" : formatPosition(now - Date.parse(session.startedAt))}
          </span>
        </Fact>
        <Fact name="Shown">{formatBytes(outputBytes)}</Fact>
      </SessionFacts>
      <div className="recording-body is-live">
        <section ref={stage} className="recording-player" aria-label="Running session">
          <div className="recording-bar">
            <WatchMark watch={watch} now={now} />
            <span className="size">
              {session.tty ? "TTY" : "no TTY"}
              {session.tty && watch.size ? ` ${watch.size.columns} × ${watch.size.rows}` : ""}
            </span>
          </div>
          <div className="recording-screen">
            <Screen
              label={`What the session of ${session.name || session.email || "nobody"} shows`}
              onShown={setShown}
            />
            {watch.state === "refused" ? (
              <div role="alert" className="recording-overlay is-problem">
                <b>The session cannot be watched</b>
                <span>{watch.problem}</span>
              </div>
            ) : null}
          </div>
        </section>
      </div>
      <footer className="foot">
        <div className="foot-peek">
          Watching is itself recorded. What you see is at most a second old; nothing that you do here reaches
          the session.
        </div>
      </footer>
      <EndSessionDialog
        session={ending ? session : null}
        onClose={() => setEnding(false)}
        onDone={() => void running.refetch()}
      />
    </main>
  );
}
