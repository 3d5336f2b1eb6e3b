/** Pieces that many pages are made of: what to do where there is nothing yet, texts to copy, the way to older ones, small forms. */
import type { Child, PropsWithChildren } from "hono/jsx";
import { newId } from "../../system.ts";

/** Where a list is empty: why, and the next step. */
export const Empty = ({ title, children }: PropsWithChildren<{ readonly title: string }>) => (
  <div class="empty">
    <p class="lead">{title}</p>
    {children}
  </div>
);

/** A text to take along. */
export const Copyable = ({ id, text }: { readonly id: string; readonly text: string }) => (
  <div class="copyable">
    <pre>
      <code id={id}>{text}</code>
    </pre>
    <button class="second copy" type="button" data-copy={`#${id}`}>
      Copy
    </button>
  </div>
);

/** The way to the rest of a list, where there is more of it. */
export const More = ({ href, children = "Older ones" }: PropsWithChildren<{ readonly href: string | null }>) =>
  href === null ? null : (
    <p>
      <a href={href} rel="next">
        {children}
      </a>
    </p>
  );

/** Something that may be wider than the page, which then scrolls by itself: by keyboard too, and so it can be focused. */
export const Wide = ({ label, children }: PropsWithChildren<{ readonly label: string }>) => (
  <section class="wide" tabindex={0} aria-label={label}>
    {children}
  </section>
);

/** In a form that makes something: sent twice, it makes one. Handed on by `Filled.onceHeader`. */
export const Once = () => <input type="hidden" name="once" value={newId()} />;

interface ActProps {
  readonly action: string;
  readonly label: string;
  /** What goes along, by name. */
  readonly fields?: Readonly<Record<string, string>>;
  readonly tone?: "first" | "second" | "danger";
  /** Whether it makes something. */
  readonly isOnce?: boolean;
}

/** One act, as a form of one button. */
export const Act = ({ action, label, fields = {}, tone = "second", isOnce = false }: ActProps) => (
  <form method="post" action={action} class="act">
    {isOnce ? <Once /> : null}
    {Object.entries(fields).map(([name, value]) => (
      <input type="hidden" name={name} value={value} />
    ))}
    <button class={tone === "first" ? "" : tone} type="submit">
      {label}
    </button>
  </form>
);

/** First in a form of several buttons: what the enter key does. Whoever looks at the form, or hears it, has the button at its end. */
export const SavesByEnter = () => (
  <button class="unseen" type="submit" tabindex={-1}>
    Save
  </button>
);

/** Says what was just done, and perhaps how to take it back. */
export const Done = ({ children }: PropsWithChildren) => (
  <div class="news" role="status">
    {children}
  </div>
);

interface SureProps {
  readonly action: string;
  /** Everything that it destroys, or does to others, a line each. */
  readonly lines: readonly Child[];
  /** The button: what it does, in a verb and its object. */
  readonly label: string;
  /** Where it leads not to do it. */
  readonly back: string;
  readonly fields?: Readonly<Record<string, string>>;
  readonly isHarmless?: boolean;
}

/** The question before something that cannot be taken back: it names what will be gone. */
export const Sure = ({ action, lines, label, back, fields = {}, isHarmless = false }: SureProps) => (
  <form class="sheet" method="post" action={action}>
    {lines.map((line) => (
      <p>{line}</p>
    ))}
    {Object.entries(fields).map(([name, value]) => (
      <input type="hidden" name={name} value={value} />
    ))}
    <div class="row">
      <button class={isHarmless ? "" : "danger"} type="submit">
        {label}
      </button>
      <a class="button second" href={back}>
        Leave it as it is
      </a>
    </div>
  </form>
);
