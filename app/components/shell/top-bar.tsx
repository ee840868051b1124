"use client";

import Link from "next/link";
import { Fragment, type ReactNode } from "react";
import { AccountMenu } from "./account-menu.tsx";

export type Crumb = string | { label: string; href: string };

/** The bar over a page: where one is, what one can do here, and the account. */
export function TopBar({
  path = [],
  title,
  children,
}: {
  /** The groups above the page, and the list that it is of: `["Audit", "Kubernetes"]`. */
  path?: readonly Crumb[];
  title: string;
  children?: ReactNode;
}) {
  return (
    <header className="top-bar">
      <div className="crumbs">
        {path.map((crumb) => (
          <Fragment key={typeof crumb === "string" ? crumb : crumb.href}>
            {typeof crumb === "string" ? (
              <span className="far">{crumb}</span>
            ) : (
              <Link prefetch={false} href={crumb.href}>
                {crumb.label}
              </Link>
            )}
            <span className="slash far" aria-hidden>
              /
            </span>
          </Fragment>
        ))}
        <h1>{title}</h1>
      </div>
      {children}
      <span className="bar-rule" aria-hidden />
      <AccountMenu />
    </header>
  );
}
