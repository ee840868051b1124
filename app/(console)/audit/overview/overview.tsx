"use client";

import { Page } from "../../../components/shell/page-frame.tsx";
import { useTimeZoneChoice } from "../../../components/time/time-zone.tsx";
import { OverviewPage } from "./overview-page.tsx";

/** The page, once the browser has said in which time zone its days are. */
export function Overview() {
  const { timeZone } = useTimeZoneChoice();
  if (!timeZone)
    return (
      <Page path={["Audit"]} title="Overview">
        {null}
      </Page>
    );
  return <OverviewPage timeZone={timeZone} />;
}
