import "./globals.css";
import { GeistMono } from "geist/font/mono";
import { GeistSans } from "geist/font/sans";
import type { Metadata, Viewport } from "next";
import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { isTimeZone } from "../lib/filter/relative-time.ts";
import { TIME_ZONE_COOKIE } from "./components/preference-cookie.ts";
import { Providers } from "./components/providers.tsx";
import { readTheme, THEME_COOKIE } from "./components/theme/theme.ts";

export const metadata: Metadata = {
  title: { default: "Kubewitness", template: "%s · Kubewitness" },
  description: "A Kubernetes access gateway that puts every call on the record.",
};

export const viewport: Viewport = { width: "device-width", initialScale: 1, colorScheme: "light dark" };

export default async function RootLayout({ children }: { children: ReactNode }) {
  const jar = await cookies();
  const theme = readTheme(jar.get(THEME_COOKIE)?.value);
  const zone = jar.get(TIME_ZONE_COOKIE)?.value;
  return (
    <html
      lang="en"
      data-theme={theme === "system" ? undefined : theme}
      className={`${GeistSans.variable} ${GeistMono.variable}`}
    >
      <body>
        <Providers theme={theme} chosenTimeZone={zone && isTimeZone(zone) ? zone : null}>
          {children}
        </Providers>
      </body>
    </html>
  );
}
