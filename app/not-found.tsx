import { NotFoundPanel } from "./components/not-found-panel.tsx";

export default function NotFound() {
  return (
    <main className="grid min-h-dvh place-content-center">
      <NotFoundPanel />
    </main>
  );
}
