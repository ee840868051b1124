/** Pages with something entered that leaving would throw away. */
let held = 0;
/** The session ended while the page was held. */
let isWaiting = false;

/** The session has ended: sends the viewer to the sign-in page and back, once nothing entered would be lost by it. */
export function leaveForSignIn(): void {
  if (typeof window === "undefined") return;
  if (held > 0) isWaiting = true;
  else leave();
}

/** Keeps the page where it is while a form has something entered. Answers how to let go of it. */
export function holdPage(): () => void {
  held += 1;
  let isHolding = true;
  return () => {
    if (!isHolding) return;
    isHolding = false;
    held -= 1;
    if (held === 0 && isWaiting) leave();
  };
}

/** An answer came that only a session gets: the viewer has signed in again, in another tab. */
export function sessionIsAlive(): void {
  isWaiting = false;
}

/** Where a viewer signs in without leaving what is entered here. */
export const SIGN_IN_ELSEWHERE = "/signin?reason=expired";

function leave(): void {
  isWaiting = false;
  // Who is there already is told by the page.
  if (window.location.pathname.startsWith("/signin")) return;
  const here = window.location.pathname + window.location.search;
  window.location.assign(`${SIGN_IN_ELSEWHERE}&callbackUrl=${encodeURIComponent(here)}`);
}
