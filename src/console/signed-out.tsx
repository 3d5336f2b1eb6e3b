/** A form that was sent when the session had ended: nothing of what was typed is lost. */
import { show, type Visit } from "./door.tsx";
import type { Filled } from "./filled.ts";
import { Frame } from "./frame.tsx";
import { Typed } from "./pieces/typed.tsx";

/** Shows what was typed, in a form that sends it again to where it was sent, and as it was. */
export function showSignedOut(c: Visit, filled: Filled): Promise<Response> {
  const { pathname, search } = new URL(c.req.url);
  const isParts = c.req.header("content-type")?.startsWith(IN_PARTS) ?? false;
  return show(c, <SignedOutPage action={pathname + search} isParts={isParts} filled={filled} />, 401);
}

const IN_PARTS = "multipart/form-data";

interface Props {
  readonly action: string;
  readonly isParts: boolean;
  readonly filled: Filled;
}

const SignedOutPage = ({ action, isParts, filled }: Props) => (
  <Frame title="You are signed out">
    <div class="sheet">
      <p>Your session ended before this was sent. Nothing was changed, and nothing of what you typed is lost.</p>
      <p>
        First{" "}
        <a href="/sign-in" target="_blank" rel="noopener">
          sign in in another tab
        </a>
        . Then come back to this one and send it again. Sign in as the same person: whoever is signed in then is the one
        who does it, and this page does not know who began it.
      </p>
      <form method="post" action={action} {...(isParts ? { enctype: IN_PARTS } : {})}>
        <Kept filled={filled} />
        <button type="submit">Send it again</button>
      </form>
    </div>
    <Typed filled={filled} />
  </Frame>
);

/** The fields once more, for a form to send. */
const Kept = ({ filled }: { readonly filled: Filled }) => (
  <>
    {filled.entries().map(([name, value]) => (
      <input type="hidden" name={name} value={value} />
    ))}
  </>
);
