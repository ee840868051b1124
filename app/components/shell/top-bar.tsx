"use client";

import { Fragment, type ReactNode } from "react";
import { AccountMenu } from "./account-menu.tsx";

/** The bar over a page: where one is, what one can do here, and the account. */
export function TopBar({
  path = [],
  title,
  children,
}: {
  /** The groups above the page: `["Audit", "Kubernetes"]`. */
  path?: readonly string[];
  title: string;
  children?: ReactNode;
}) {
  return (
    <header className="top-bar">
      <div className="crumbs">
        {path.map((name) => (
          <Fragment key={name}>
            <span className="far">{name}</span>
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
