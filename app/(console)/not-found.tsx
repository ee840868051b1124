import { NotFoundPanel } from "../components/not-found-panel.tsx";

export default function ConsoleNotFound() {
  return (
    <main className="page place-content-center">
      <NotFoundPanel />
    </main>
  );
}
