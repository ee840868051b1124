import { Button } from "../button.tsx";
import { MessagePanel } from "../message-panel.tsx";

/** The address has a filter that cannot be read. */
export function UnreadableFilter({ text, onClear }: { text: string; onClear: () => void }) {
  return (
    <MessagePanel
      role="alert"
      title="The filter cannot be read"
      actions={<Button onClick={onClear}>Clear filter</Button>}
    >
      The address has <span className="mono">{text}</span> as its filter. The line above shows what is wrong
      with it.
    </MessagePanel>
  );
}
