import { Skeleton } from "../skeleton.tsx";

/** An audit page before the browser has said in which time zone its day is. */
export function AuditPageWaiting({ title }: { title: string }) {
  return (
    <main className="page page-audit" aria-busy="true">
      <header className="top-bar">
        <div className="crumbs">
          <h1>{title}</h1>
        </div>
      </header>
      <div className="tool-bar h-[49px]">
        <Skeleton width={150} />
      </div>
    </main>
  );
}
