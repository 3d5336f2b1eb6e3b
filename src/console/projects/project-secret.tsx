/** `/projects/{p}/settings/secret`: what the project's calls are signed with, shown when it is asked for, and replaced. */
import { SecretAnswer } from "../answers/secret.ts";
import type { Pages } from "../door.tsx";
import { type InProject, onProjectForm, onProjectPage } from "../in-project.tsx";
import { Page } from "../page.tsx";
import { Moment } from "../pieces/moment.tsx";
import { Act, Copyable, Done } from "../pieces/pieces.tsx";
import { showRefusal } from "../showing-refusals.tsx";

const PATH = "/projects/:p/settings/secret";

export function mountProjectSecret(pages: Pages): void {
  onProjectPage(pages, PATH, "full_access", (visit) => visit.show(<SecretPage visit={visit} />));
  // By a form, so that no link and no history leads to the secret itself.
  onProjectForm(pages, PATH, "full_access", async (visit) => {
    const secret = await visit.api.get(`${visit.at}/secret`, SecretAnswer);
    return visit.show(<SecretPage visit={visit} secret={secret} />);
  });
  onProjectForm(pages, `${PATH}/rotation`, "full_access", async (visit, filled) => {
    const headers = filled.onceHeader;
    const secret = await visit.api.send("POST", `${visit.at}/secret`, SecretAnswer, { headers });
    if (!secret.ok) return showRefusal(visit, secret.error);
    return visit.show(<SecretPage visit={visit} secret={secret.value} isNew />);
  });
}

interface Props {
  readonly visit: InProject;
  readonly secret?: SecretAnswer;
  readonly isNew?: boolean;
}

const SecretPage = ({ visit, secret, isNew = false }: Props) => {
  const path = `${visit.home}/settings/secret`;
  return (
    <Page visit={visit} title="Signing secret" up={{ name: "Settings", path: `${visit.home}/settings` }}>
      <p>
        Every call to a function of this project is signed with it, as Standard Webhooks say. Whoever has it can make
        calls that look like ours.
      </p>
      {isNew ? <Done>This is the new one. Loading this page again replaces nothing.</Done> : null}
      {secret === undefined ? (
        <Act action={path} label="Show it" tone="first" />
      ) : (
        <>
          <Copyable id="secret" text={secret.secret} />
          {secret.previous_valid_until === null ? null : (
            <p class="quiet">
              Calls carry the signature of the one before, too, until{" "}
              <Moment at={secret.previous_valid_until} timezone={visit.zone} />.
            </p>
          )}
        </>
      )}
      <h2>Replace it</h2>
      <p class="quiet">
        The one before goes on being used beside the new one for a while, so that your endpoints can follow.
      </p>
      <Act action={`${path}/rotation`} label="Replace the secret" isOnce />
    </Page>
  );
};
