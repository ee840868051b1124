"use client";

import { useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import { useState } from "react";
import { Banner as BannerAnswer } from "../../../lib/settings/schema.ts";
import { IconButton } from "../icon-button.tsx";
import { requestJson } from "../request-json.ts";
import { Banner } from "./banner.tsx";
import { bannerKey, hideBanner } from "./hidden-banner.ts";

const AGAIN_MS = 30_000;

/** For whoever changes the text: `invalidateQueries` shows it at once. */
export const BANNER_QUERY_KEY = ["/api/v1/banner"];

export interface ShownBanner {
  /** As the page was made. */
  text: string | null;
  /** The key of the one that the viewer has hidden. */
  hidden: string | null;
}

/** The announcement above every page; asked for again every half minute. Its viewer may hide it for a day. */
export function LiveBanner({ text, hidden }: ShownBanner) {
  const [hiddenNow, setHiddenNow] = useState(hidden);
  const { data } = useQuery({
    queryKey: BANNER_QUERY_KEY,
    queryFn: ({ signal }) => requestJson("/api/v1/banner", BannerAnswer, { signal }),
    initialData: { banner: text },
    refetchInterval: AGAIN_MS,
    refetchOnWindowFocus: true,
    retry: false,
  });
  if (data.banner === null || bannerKey(data.banner) === hiddenNow) return null;
  const shown = data.banner;
  return (
    <Banner text={shown}>
      <IconButton
        label="Hide for a day"
        size="icon-small"
        onClick={() => {
          hideBanner(shown);
          setHiddenNow(bannerKey(shown));
        }}
      >
        <X aria-hidden />
      </IconButton>
    </Banner>
  );
}
