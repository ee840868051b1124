import { NotFoundPanel } from "./components/not-found-panel.tsx";
import { PlainFrame } from "./components/shell/plain-frame.tsx";

export default function NotFound() {
  return (
    <PlainFrame title="Not found">
      <NotFoundPanel />
    </PlainFrame>
  );
}
