/** The docs page: draws the guide, knows nothing of where it comes from. */
import { raw } from "hono/html";
import { DOCS_STYLE } from "./docs-style.ts";
import type { GuideField, GuideOperation, GuideSection } from "./guide.ts";
import { PROBLEM_CODES, PROBLEMS } from "./problem-catalogue.ts";

/** The whole page. */
export const DocsPage = ({ sections, introduction }: { sections: readonly GuideSection[]; introduction: string }) => (
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <title>Carillon API</title>
      <style>{raw(DOCS_STYLE)}</style>
    </head>
    <body>
      <a class="skip" href="#content">
        Skip to the content
      </a>
      <header>
        <h1>Carillon API</h1>
        <p>
          <Prose text={introduction} />
        </p>
        <p>
          The same for programs: <a href="/openapi.json">/openapi.json</a>
        </p>
      </header>
      <Contents sections={sections} />
      <main id="content">
        {sections.map((section) => (
          <Section section={section} />
        ))}
        <Problems />
      </main>
    </body>
  </html>
);

const Contents = ({ sections }: { sections: readonly GuideSection[] }) => (
  <nav aria-label="Operations">
    {sections.map(({ subject, operations }) => (
      <>
        <h2>{subject}</h2>
        <ul>
          {operations.map(({ id, summary }) => (
            <li>
              <a href={`#${id}`}>{summary}</a>
            </li>
          ))}
        </ul>
      </>
    ))}
  </nav>
);

const Section = ({ section }: { section: GuideSection }) => (
  <section>
    <h2>{section.subject}</h2>
    {section.operations.map((operation) => (
      <Operation operation={operation} />
    ))}
  </section>
);

const Operation = ({ operation }: { operation: GuideOperation }) => (
  <article id={operation.id}>
    <h3>{operation.summary}</h3>
    <p>
      <code>
        <span class="method">{operation.method}</span>
        {operation.path}
      </code>
    </p>
    {operation.description === "" ? null : (
      <p>
        <Prose text={operation.description} />
      </p>
    )}
    <Fields title="Parameters" fields={operation.parameters} />
    <Fields title="Fields of the body" fields={operation.fields} />
    <pre>
      <code>{operation.curl}</code>
    </pre>
    <table>
      <caption>Answers</caption>
      <tbody>
        {operation.answers.map(({ status, description }) => (
          <tr>
            <th scope="row">{status}</th>
            <td>
              <Prose text={description} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  </article>
);

/** Text in which words between backticks are code. */
const Prose = ({ text }: { text: string }) => (
  <>{text.split("`").map((part, index) => (index % 2 === 1 ? <code>{part}</code> : part))}</>
);

const Fields = ({ title, fields }: { title: string; fields: readonly GuideField[] }) =>
  fields.length === 0 ? null : (
    <table>
      <caption>{title}</caption>
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Type</th>
          <th scope="col">Meaning</th>
        </tr>
      </thead>
      <tbody>
        {fields.map(({ name, type, isRequired, description }) => (
          <tr>
            <th scope="row">
              <code>{name}</code>
            </th>
            <td>
              {type}
              {isRequired ? ", required" : ""}
            </td>
            <td>
              <Prose text={description} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );

const Problems = () => (
  <section id="problems">
    <h2>Problems</h2>
    <table>
      <caption>Every code that an answer may carry</caption>
      <thead>
        <tr>
          <th scope="col">Code</th>
          <th scope="col">Status</th>
          <th scope="col">Meaning</th>
        </tr>
      </thead>
      <tbody>
        {PROBLEM_CODES.map((code) => (
          <tr id={`problem-${code}`}>
            <th scope="row">
              <code>{code}</code>
            </th>
            <td>{PROBLEMS[code].status}</td>
            <td>{PROBLEMS[code].title}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </section>
);
