/** How every mail looks: some paragraphs, one button, and the same words again as plain text. */

/** What a mail says. */
export interface Letter {
  readonly subject: string;
  readonly before: readonly string[];
  readonly button: { readonly label: string; readonly link: string };
  readonly after: readonly string[];
}

/** Mail programs know no style sheets worth the name, so each element carries its own. */
const BODY = "font:16px/1.5 system-ui,sans-serif;max-width:34rem;margin:0 auto;padding:1.5rem";
const BUTTON =
  "display:inline-block;padding:.6rem 1.2rem;border-radius:6px;background:#1f5fbf;color:#fff;text-decoration:none";
const SMALL = "font-size:13px;word-break:break-all";

const Page = ({ subject, before, button, after }: Letter) => (
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <title>{subject}</title>
    </head>
    <body style={BODY}>
      {before.map((text) => (
        <p>{text}</p>
      ))}
      <p>
        <a href={button.link} style={BUTTON}>
          {button.label}
        </a>
      </p>
      <p style={SMALL}>{button.link}</p>
      {after.map((text) => (
        <p>{text}</p>
      ))}
    </body>
  </html>
);

/** The letter in both forms that a mail has. */
export const renderLetter = (letter: Letter): { readonly html: string; readonly text: string } => ({
  html: `<!DOCTYPE html>${(<Page {...letter} />).toString()}`,
  text: `${[...letter.before, `${letter.button.label}:\n${letter.button.link}`, ...letter.after].join("\n\n")}\n`,
});

/** An instant as a mail says it. Nobody knows the reader's zone, so it is UTC, and says so. */
export const sayInstant = (instant: number): string =>
  `${new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeStyle: "short", timeZone: "UTC" }).format(instant)} UTC`;
