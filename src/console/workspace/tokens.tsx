/** `/tokens`: how programs prove who they are. */
import { Anything, pageOf } from "../answers/fields.ts";
import { TokenAnswer } from "../answers/token.ts";
import { address, withQuery } from "../client.ts";
import type { Pages } from "../door.tsx";
import { Page } from "../page.tsx";
import { Did } from "../pieces/did.tsx";
import { Ago, Moment } from "../pieces/moment.tsx";
import { Empty, More, Sure } from "../pieces/pieces.tsx";
import { showRefusal } from "../showing-refusals.tsx";
import { onForm, onPage, type SignedIn } from "../signed-in.tsx";
import { zoneOf } from "../workspace-zone.ts";
import { projectsFor } from "./project-choice.tsx";

const PATH = "/tokens";
const SHOWN = 50;

/** Names of projects by their ids. */
type Names = ReadonlyMap<string, string>;

export function mountTokens(pages: Pages): void {
  onPage(pages, PATH, async (visit) => {
    const path = withQuery("/v1/tokens", { limit: SHOWN, cursor: visit.c.req.query("cursor") });
    const [{ items, next_cursor }, projects] = await Promise.all([
      visit.api.get(path, pageOf(TokenAnswer)),
      projectsFor(visit),
    ]);
    const names = new Map(projects.map(({ id, name }) => [id, name]));
    return visit.show(<TokensPage visit={visit} tokens={items} names={names} next={next_cursor} />);
  });
  onPage(pages, `${PATH}/:t/revocation`, async (visit) => {
    const token = await visit.api.get(tokenAt(visit), TokenAnswer);
    return visit.show(<RevocationPage visit={visit} token={token} />);
  });
  onForm(pages, `${PATH}/:t/revocation`, async (visit) => {
    const revoked = await visit.api.send("DELETE", tokenAt(visit), Anything);
    return revoked.ok ? visit.goTo(`${PATH}?did=revoked`) : showRefusal(visit, revoked.error);
  });
}

const tokenAt = ({ c }: SignedIn): string => address`/v1/tokens/${c.req.param("t") ?? ""}`;

interface Props {
  readonly visit: SignedIn;
  readonly tokens: readonly TokenAnswer[];
  readonly names: Names;
  readonly next: string | null;
}

const TokensPage = ({ visit, tokens, names, next }: Props) => (
  <Page visit={visit} title="Tokens" acts={visit.can("create_tokens") ? <NewOne /> : null}>
    <Did visit={visit} words={{ revoked: "It is revoked: calls with it are refused within five seconds." }} />
    <p class="quiet">
      {visit.can("manage_workspace_tokens")
        ? "Everybody's, and those of the workspace."
        : "Your own. Those of the workspace are for admins."}
    </p>
    {tokens.length === 0 ? (
      <Empty title="There is no token yet">
        <p>
          A token lets a program call the API: as you, or as the workspace. What it may do is told at{" "}
          <a href="/docs">/docs</a>.
        </p>
        {visit.can("create_tokens") ? <NewOne /> : <p class="quiet">Making one takes the role explorer or more.</p>}
      </Empty>
    ) : (
      <ul class="sheet">
        {tokens.map((token) => (
          <OneToken visit={visit} token={token} names={names} />
        ))}
      </ul>
    )}
    <More href={next === null ? null : withQuery(PATH, { cursor: next })}>Newer ones</More>
  </Page>
);

const NewOne = () => (
  <a class="button" href="/tokens/new" data-new>
    New token
  </a>
);

interface TokenProps {
  readonly visit: SignedIn;
  readonly token: TokenAnswer;
}

const OneToken = ({ visit, token, names }: TokenProps & { readonly names: Names }) => {
  const { name, kind, member, mode, projects, created_at: made, last_used_at: used } = token;
  const isOver = token.revoked_at !== null || (token.expires_at !== null && token.expires_at <= visit.now);
  return (
    <li data-key={token.id}>
      <div class="line">
        <strong>
          <bdi>{name}</bdi>
        </strong>
        <span class="mark">{kind === "personal" ? `acts as ${member?.email ?? "a member"}` : "of the workspace"}</span>
        <span class="mark">{mode === "read" ? "reads only" : "reads and writes"}</span>
        {isOver ? <span class="mark wrong">{token.revoked_at === null ? "expired" : "revoked"}</span> : null}
        {isOver ? null : (
          <a class="button danger end" href={address`/tokens/${token.id}/revocation`}>
            Revoke…
          </a>
        )}
      </div>
      <p class="quiet">
        {projects === null ? "" : `Held to ${projects.map((id) => names.get(id) ?? id).join(", ")}. `}
        Made <Ago at={made} timezone={zoneOf(visit)} now={visit.now} />,{" "}
        {used === null ? (
          "never used"
        ) : (
          <>
            last used <Ago at={used} timezone={zoneOf(visit)} now={visit.now} />
          </>
        )}
        {token.expires_at === null ? ", good until it is revoked." : ", good until "}
        {token.expires_at === null ? null : <Moment at={token.expires_at} timezone={zoneOf(visit)} />}
      </p>
    </li>
  );
};

const RevocationPage = ({ visit, token }: TokenProps) => (
  <Page visit={visit} title={`Revoke ${token.name}?`} up={{ name: "Tokens", path: PATH }}>
    <Sure
      action={address`/tokens/${token.id}/revocation`}
      label={`Revoke ${token.name}`}
      back={PATH}
      lines={[
        "Programs that use it are refused within five seconds, wherever they run.",
        token.last_used_at === null ? (
          "Nobody has used it yet."
        ) : (
          <>
            It was last used <Ago at={token.last_used_at} timezone={zoneOf(visit)} now={visit.now} />.
          </>
        ),
        "It cannot be brought back: its text is kept nowhere. Make another one first, if a program goes on needing one.",
      ]}
    />
  </Page>
);
