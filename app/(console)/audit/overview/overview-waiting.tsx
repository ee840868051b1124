import { Skeleton } from "../../../components/skeleton.tsx";

/** The page's shape while its numbers are on their way. */
export function OverviewWaiting() {
  return (
    <div aria-hidden>
      <ul className="figures">
        {[58, 44, 36, 50, 30, 28].map((width) => (
          <li key={width}>
            <div className="px-4 py-3">
              <Skeleton width={60} />
              <Skeleton width={width} className="mt-3 block! h-4!" />
              <Skeleton width={110} className="mt-3 block!" />
            </div>
          </li>
        ))}
      </ul>
      <div className="h-[134px] border-b border-line px-4 py-3">
        <Skeleton width={110} />
      </div>
      <div className="overview-shares">
        {["a", "b", "c", "d"].map((section) => (
          <section key={section}>
            {[120, 90, 104, 72].map((width) => (
              <div key={width} className="flex h-7 items-center">
                <Skeleton width={width} />
              </div>
            ))}
          </section>
        ))}
      </div>
    </div>
  );
}
