import { MessagePanel } from "../message-panel.tsx";
import { ReloadButton } from "../reload-button.tsx";
import { PlainFrame } from "./plain-frame.tsx";
import { ReloadWhenBack } from "./reload-when-back.tsx";

/** Stands for the whole console while it cannot be known who asks. */
export function UnavailablePage({ message }: { message: string }) {
  return (
    <PlainFrame title="Unavailable">
      <MessagePanel role="alert" title="The console cannot be shown now" actions={<ReloadButton />}>
        {message} This page asks again by itself.
        <ReloadWhenBack />
      </MessagePanel>
    </PlainFrame>
  );
}
