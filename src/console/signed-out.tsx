/** A form that was sent when the session had ended: nothing of what was typed is lost. */
import { show, type Visit } from "./door.tsx";
import type { Filled } from "./filled.ts";
import { Frame } from "./frame.tsx";
import { Typed } from "./pieces/typed.tsx";

/** Shows what was typed, in a form that sends it again to where it was sent. */
export const showSignedOut = (c: Visit, filled: Filled): Promise<Response> =>
  show(c, <SignedOutPage action={c.req.path} filled={filled} />, 401);

const SignedOutPage = ({ action, filled }: { readonly action: string; readonly filled: Filled }) => (
  <Frame title="You are signed out">
    <div class="sheet">
      <p>Your session ended before this was sent. Nothing was changed, and nothing of what you typed is lost.</p>
      <p>
        First{" "}
        <a href="/sign-in" target="_blank" rel="noopener">
          sign in in another tab
        </a>
        . Then come back to this one and send it again.
      </p>
      <form method="post" action={action}>
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
