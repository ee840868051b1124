import { CircleX, Clock } from "lucide-react";

const ERRORS: Record<string, string> = {
  AccessDenied: "Your account may not sign in here. Ask an administrator.",
  Disabled: "Your account is disabled. An administrator can enable it again.",
  Deactivated:
    "Your identity provider has deactivated your account here. Whoever manages it there can activate it.",
  EmailTaken: "Somebody else has your e-mail address here already. Ask an administrator.",
  ProviderChanged:
    "Your address is known from another identity provider. An administrator decides whether you are the same person; Event History tells how.",
  Claims:
    "What the identity provider says of you is missing something. Event History tells an administrator what.",
  DomainNotAllowed: "People with addresses of your domain may not sign in with this identity provider.",
  NotLinked:
    "Your address is somebody’s of another identity provider. Sign in with that one, or ask an administrator.",
  OAuthCallback: "The identity provider did not confirm the sign-in. Try again.",
  OAuthSignin: "The identity provider could not be reached. Try again in a moment.",
  Unavailable: "The sign-in cannot be finished now. Try again in a moment.",
  Callback: "The sign-in was not finished. Try again.",
  SessionRequired: "Sign in to see this page.",
};

/** Why one is here, where there is a reason. */
export function SignInNote({ error, reason, target }: { error?: string; reason?: string; target: string }) {
  if (error) {
    return (
      <Note role="alert">
        <CircleX aria-hidden className="text-fail" />
        <span>
          {ERRORS[error] ?? "The sign-in failed. Try again; if it fails again, ask an administrator."}
        </span>
      </Note>
    );
  }
  if (reason !== "expired" && reason !== "signed-out") return null;
  return (
    <Note role="status">
      <Clock aria-hidden className="text-fg-3" />
      <span>
        {reason === "expired" ? "Your session has ended. " : "You are signed out. "}
        {reason === "expired" && target !== "/" ? "You will return to where you were." : ""}
      </span>
    </Note>
  );
}

function Note({ role, children }: { role: "alert" | "status"; children: React.ReactNode }) {
  return (
    <div
      role={role}
      className="mb-4 grid grid-cols-[16px_1fr] gap-2 rounded-2 border border-line-control bg-bg-subtle px-3 py-[9px] leading-[18px] text-fg-2 [&_svg]:mt-0.5 [&_svg]:size-3.5"
    >
      {children}
    </div>
  );
}
