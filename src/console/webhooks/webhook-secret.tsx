/** `/webhooks/{w}/secret`: what receivers check the calls of an endpoint with, shown when it is asked for, and replaced. */
import { type KeysAnswer, WebhookAnswer, WebhookSecretAnswer } from "../answers/webhook.ts";
import { address } from "../client.ts";
import type { Pages } from "../door.tsx";
import type { Filled } from "../filled.ts";
import { Page } from "../page.tsx";
import { NOTHING_WRONG, TextField, Troubles, type Wrongs, wrongsOf } from "../pieces/fields.tsx";
import { Moment } from "../pieces/moment.tsx";
import { Act, Copyable, Done, Once } from "../pieces/pieces.tsx";
import { onForm, onPage, type SignedIn } from "../signed-in.tsx";
import { zoneOf } from "../workspace-zone.ts";
import { webhookAt, webhookPath } from "./webhook-place.ts";

const PATH = "/webhooks/:w/secret";
const DEFAULT_OVERLAP = "1 day";

export function mountWebhookSecret(pages: Pages): void {
  onPage(pages, PATH, (visit) => showSecret(visit, {}));
  // By a form, so that no link and no history leads to the secret itself.
  onForm(pages, PATH, async (visit) =>
    showSecret(visit, { secret: await visit.api.get(`${webhookAt(visit)}/secret`, WebhookSecretAnswer) }),
  );
  onForm(pages, `${PATH}/rotation`, rotate);
}

async function rotate(visit: SignedIn, filled: Filled): Promise<Response> {
  const overlap = filled.text("overlap");
  const body = overlap === "" ? {} : { overlap };
  const rotated = await visit.api.send("POST", `${webhookAt(visit)}/secret`, WebhookSecretAnswer, {
    body,
    headers: filled.onceHeader,
  });
  if (rotated.ok) return showSecret(visit, { secret: rotated.value, isNew: true });
  return showSecret(visit, { overlap, wrongs: wrongsOf(rotated.error, ["overlap"]) });
}

interface Shown {
  readonly secret?: WebhookSecretAnswer;
  readonly isNew?: boolean;
  /** What was typed and refused. */
  readonly overlap?: string;
  readonly wrongs?: Wrongs;
}

async function showSecret(visit: SignedIn, shown: Shown): Promise<Response> {
  const webhook = await visit.api.get(webhookAt(visit), WebhookAnswer);
  const page = <SecretPage visit={visit} webhook={webhook} shown={shown} />;
  return visit.show(page, shown.wrongs === undefined ? 200 : 422);
}

interface Props {
  readonly visit: SignedIn;
  readonly webhook: WebhookAnswer;
  readonly shown: Shown;
}

const SecretPage = ({ visit, webhook, shown }: Props) => {
  const { secret, isNew = false, overlap = DEFAULT_OVERLAP, wrongs = NOTHING_WRONG } = shown;
  const path = `${webhookPath(visit)}/secret`;
  return (
    <Page visit={visit} title="Secret of the endpoint" up={{ name: webhook.name, path: webhookPath(visit) }}>
      <p>Every call is signed after Standard Webhooks. The receiver checks that with what is shown here.</p>
      {isNew ? <Done>This is the new one. Loading this page again replaces nothing.</Done> : null}
      <Troubles wrongs={wrongs} />
      {secret === undefined ? (
        <Act action={path} label="Show it" tone="first" />
      ) : (
        <>
          <Keys keys={secret} />
          {secret.previous_valid_until === null ? null : (
            <p class="quiet">
              Calls carry the signature of the one before, too, until{" "}
              <Moment at={secret.previous_valid_until} timezone={zoneOf(visit)} />.
            </p>
          )}
        </>
      )}
      <h2>Replace it</h2>
      <form class="sheet" method="post" action={`${path}/rotation`}>
        <Once />
        <TextField
          name="overlap"
          label="The old one signs beside the new one for"
          hint="So that the receiver can be changed over in peace: from 0 minutes to 7 days."
          value={overlap}
          autocomplete="off"
          wrongs={wrongs}
        />
        <button class="second" type="submit">
          Replace the secret and the key pair
        </button>
      </form>
    </Page>
  );
};

const Keys = ({ keys: { secret, public_key: publicKey } }: { readonly keys: KeysAnswer }) => (
  <>
    <h2>Secret, for v1</h2>
    <Copyable id="secret" text={secret} />
    <h2>Public key, for v1a</h2>
    <Copyable id="public-key" text={publicKey} />
  </>
);

interface MadeProps {
  readonly visit: SignedIn;
  readonly webhook: Pick<WebhookAnswer, "id" | "name">;
  readonly keys: KeysAnswer;
}

/** After one was made. */
export const MadePage = ({ visit, webhook, keys }: MadeProps) => (
  <Page visit={visit} title={`${webhook.name} is made`} up={{ name: "Webhooks", path: "/webhooks" }}>
    <Done>
      <a href={address`/webhooks/${webhook.id}`}>Go to the endpoint</a> to try a call.
    </Done>
    <p>The receiver checks the signatures of its calls with these. The endpoint's page shows them again.</p>
    <Keys keys={keys} />
  </Page>
);
