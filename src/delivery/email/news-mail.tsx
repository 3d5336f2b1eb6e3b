/** News as a mail: its HTML, the same as plain text, and the headers that mail programs file it by. */
import { raw } from "hono/html";
import type { PropsWithChildren } from "hono/jsx";
import {
  badgeOf,
  buttonLabel,
  explanation,
  facts,
  headline,
  TEST_NOTE,
  titleOf,
  toneOf,
  unreachedLines,
  whyYouHear,
} from "../../domain/news/wording.ts";
import type { NewsForRecipient } from "../channel.ts";
import type { ShownPicture } from "./news-picture.ts";
import { SHEET, STYLES, TONE_COLOURS } from "./news-style.ts";

export interface NewsMail {
  readonly subject: string;
  readonly html: string;
  readonly text: string;
}

/** The mail that tells the news, with the picture as far as it goes along. */
export function renderNews(given: NewsForRecipient, picture: ShownPicture | null): NewsMail {
  const { news, project, notification } = given;
  const subject = titleOf(news, project, notification);
  const said: Said = {
    given,
    picture,
    subject,
    headline: headline(news, project),
    own: notification?.body ? paragraphsOf(notification.body) : [],
    lines: [...explanation(news, given.timezone), ...unreachedLines(news)],
    why: whyYouHear(news, notification),
  };
  return { subject, html: `<!DOCTYPE html>${(<Page {...said} />).toString()}`, text: textOf(said) };
}

interface Said {
  readonly given: NewsForRecipient;
  readonly picture: ShownPicture | null;
  readonly subject: string;
  readonly headline: string;
  /** The notification's own text, in paragraphs of lines. */
  readonly own: readonly (readonly string[])[];
  readonly lines: readonly string[];
  readonly why: string;
}

const paragraphsOf = (text: string): readonly (readonly string[])[] =>
  text
    .trim()
    .split(/(?:\r?\n[ \t]*){2,}/)
    .map((paragraph) => paragraph.split(/\r?\n/));

const Page = (said: Said) => (
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <meta name="supported-color-schemes" content="light dark" />
      <title>{said.subject}</title>
      <style>{raw(SHEET)}</style>
    </head>
    <body style={STYLES.body}>
      <table role="presentation" class="outer" style={STYLES.outer} cellpadding="0" cellspacing="0" border={0}>
        <tbody>
          <tr>
            <td class="gutter" style={STYLES.gutter} align="center">
              <Card>
                <Content {...said} />
              </Card>
              <Foot {...said} />
            </td>
          </tr>
        </tbody>
      </table>
    </body>
  </html>
);

const Card = ({ children }: PropsWithChildren) => (
  <table role="presentation" class="card" style={STYLES.card} cellpadding="0" cellspacing="0" border={0}>
    <tbody>
      <tr>
        <td class="inner" style={STYLES.inner}>
          {children}
        </td>
      </tr>
    </tbody>
  </table>
);

const Content = (said: Said) => {
  const { given, own, lines, picture } = said;
  const { news, project, timezone, links } = given;
  return (
    <>
      {news.isTest ? (
        <p class="test" style={STYLES.test}>
          <strong>TEST</strong> {TEST_NOTE}
        </p>
      ) : null}
      <Badge given={given} />
      <h1 style={STYLES.title}>{said.headline}</h1>
      {own.length === 0 ? null : (
        <div class="own" style={STYLES.own}>
          {own.map((paragraph) => (
            <p dir="auto" style={STYLES.paragraph}>
              {paragraph.map((line, index) => (index === 0 ? line : [<br />, line]))}
            </p>
          ))}
        </div>
      )}
      {lines.map((line) => (
        <p dir="auto" style={STYLES.paragraph}>
          {line}
        </p>
      ))}
      <PictureBlock picture={picture} />
      <table class="facts" style={STYLES.facts} cellpadding="0" cellspacing="0" border={0}>
        <tbody>
          {facts(news, project, timezone).map(({ label, value }) => (
            <tr>
              <th scope="row" style={STYLES.label}>
                {label}
              </th>
              <td style={STYLES.value}>{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {links.run === null ? null : (
        <p style={STYLES.action}>
          <a class="button" style={STYLES.button} href={links.run}>
            {buttonLabel(news)}
          </a>
        </p>
      )}
    </>
  );
};

const Badge = ({ given: { news } }: { readonly given: NewsForRecipient }) => {
  const tone = toneOf(news);
  const { ink, ground } = TONE_COLOURS[tone].day;
  return (
    <span class={`badge-${tone}`} style={`${STYLES.badge};color:${ink};background-color:${ground}`}>
      {badgeOf(news)}
    </span>
  );
};

const PictureBlock = ({ picture }: { readonly picture: ShownPicture | null }) =>
  picture === null ? null : (
    <div style={STYLES.figure}>
      {picture.cid === null ? null : (
        <img class="picture" style={STYLES.picture} src={`cid:${picture.cid}`} alt={picture.alt} width={544} />
      )}
      {picture.notes.length === 0 && picture.link === null ? null : (
        <p class="quiet" style={`${STYLES.quiet};margin-top:8px`}>
          {picture.notes.join(" ")}{" "}
          {picture.link === null ? null : (
            <a class="link" style={STYLES.link} href={picture.link}>
              {picture.linkLabel}
            </a>
          )}
        </p>
      )}
    </div>
  );

const Foot = ({ why, given: { links } }: Said) => (
  <div class="foot" style={STYLES.foot}>
    <p style={STYLES.quiet}>
      {why}{" "}
      {links.unsubscribe === null ? null : (
        <a class="link" style={STYLES.link} href={links.unsubscribe}>
          Unsubscribe from this schedule
        </a>
      )}
    </p>
  </div>
);

/** The same in the same order, for programs that show no HTML and people who want none. */
function textOf({ given, picture, headline: what, own, lines, why }: Said): string {
  const { news, project, timezone, links } = given;
  const rows = facts(news, project, timezone).map(({ label, value }) => `${label}: ${value}`);
  const blocks = [
    news.isTest ? `TEST. ${TEST_NOTE}` : null,
    what,
    ...own.map((paragraph) => paragraph.join("\n")),
    ...lines,
    rows.join("\n"),
    picture === null ? null : pictureText(picture),
    links.run === null ? null : `${buttonLabel(news)}:\n${links.run}`,
    `-- \n${why}`,
    links.unsubscribe === null ? null : `Unsubscribe from this schedule:\n${links.unsubscribe}`,
  ];
  return `${blocks.filter((block) => block !== null && block !== "").join("\n\n")}\n`;
}

function pictureText({ alt, cid, notes, link, linkLabel }: ShownPicture): string {
  const said = cid === null ? notes : [alt, ...notes];
  return [said.join("\n"), link === null ? "" : `${linkLabel}:\n${link}`].filter((block) => block !== "").join("\n");
}
