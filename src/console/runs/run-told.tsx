/** The page of a run for whoever may not see runs: what they were told of it, and the app. */
import { CapturesAnswer } from "../answers/whole-run.ts";
import { address } from "../client.ts";
import type { InProject } from "../in-project.tsx";
import { DeliveryList } from "../notifications/delivery-list.tsx";
import { Page } from "../page.tsx";
import { Said } from "../pieces/said.tsx";
import { RunCaptures } from "./run-captures.tsx";
import { type RunWords, wordsOfNews } from "./run-words.ts";
import { newsAbout, sentTo, subjectsOf } from "./told-of-run.ts";

/** It is not said whether there is such a run, but to those who may see its captures. */
export async function showTold(visit: InProject, run: string): Promise<Response> {
  const at = visit.at + address`/runs/${run}`;
  const captures = visit.reaches("can_explore") ? (await visit.api.get(`${at}/captures`, CapturesAnswer)).items : [];
  const deliveries = await sentTo(visit, run);
  const news = deliveries.length === 0 ? null : await newsAbout(visit, run);
  const zone = visit.timezone ?? news?.schedule?.timezone ?? visit.zone;
  const words = news === null ? null : wordsOfNews(news, visit.project, zone);
  return visit.show(
    <Page visit={visit} title={words?.title ?? `A run of ${visit.project.name}`}>
      {words === null ? <Untold /> : <Told words={words} />}
      <p>
        {visit.reaches("can_explore") ? (
          <>
            <a href={`${at}/app`}>The app as this run left it</a> ·{" "}
          </>
        ) : null}
        <a href={`${visit.at}/app`}>The app as it is now</a>
      </p>
      <RunCaptures captures={captures} at={`${at}/captures`} />
      <DeliveryList deliveries={deliveries} subjects={subjectsOf(news)} zone={zone} again={null} />
    </Page>,
  );
}

const TONES = { good: "good", bad: "wrong", quiet: "quiet" } as const;

const Told = ({ words }: { readonly words: RunWords }) => (
  <div class="sheet">
    {words.lines.map((line) => (
      <Said text={line} tone={TONES[words.tone]} />
    ))}
    <dl>
      {words.facts.map(({ label, value }) => (
        <>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </>
      ))}
    </dl>
  </div>
);

const Untold = () => (
  <div class="sheet">
    <p>What is shared with you is the app of this project. Of this run you were told nothing.</p>
  </div>
);
