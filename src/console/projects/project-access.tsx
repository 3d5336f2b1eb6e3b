/** `/projects/{p}/access`: with whom a project is shared, what that comes to for each person, and why. */
import { ACCESS_LEVELS, type AccessLevel, type AccessReason, GRANTEE_KINDS } from "../../domain/access.ts";
import { type PersonAccessAnswer, type ShareAnswer, SharingAnswer } from "../answers/access.ts";
import { pageOf } from "../answers/fields.ts";
import { NamedGroup, NamedMember, nameOf } from "../answers/people.ts";
import { withQuery } from "../client.ts";
import type { Pages } from "../door.tsx";
import type { Filled } from "../filled.ts";
import { type InProject, onProjectForm, onProjectPage } from "../in-project.tsx";
import { Page } from "../page.tsx";
import { NOTHING_WRONG, type Option, SelectField, Troubles, type Wrongs, wrongsOf } from "../pieces/fields.tsx";
import { LEVEL_NAMES } from "../pieces/level-names.ts";
import { Done, More, Wide } from "../pieces/pieces.tsx";

const PATH = "/projects/:p/access";
/** People and groups to choose from at most; others are named through the API. */
const CHOICES_MAX = 200;

export function mountProjectAccess(pages: Pages): void {
  onProjectPage(pages, PATH, { needs: "can_view", ...OR_ABILITY }, (visit) => showAccess(visit));
  onProjectForm(pages, PATH, { needs: "full_access", ...OR_ABILITY }, share);
}

/** Who may share any project need not have a share of it. */
const OR_ABILITY = { orAbility: "share_any_project" } as const;

const mayShare = (visit: InProject): boolean => visit.reaches("full_access") || visit.can(OR_ABILITY.orAbility);

async function showAccess(visit: InProject, wrongs = NOTHING_WRONG, status: 200 | 422 = 200): Promise<Response> {
  const { api, at, c } = visit;
  const [sharing, choices] = await Promise.all([
    api.get(withQuery(`${at}/access`, { cursor: c.req.query("cursor") }), SharingAnswer),
    choicesFor(visit),
  ]);
  return visit.show(<AccessPage visit={visit} sharing={sharing} choices={choices} wrongs={wrongs} />, status);
}

/** Whom it can be shared with, as the form names them: `user:{id}`, `group:{id}`, `workspace`. */
async function choicesFor(visit: InProject): Promise<readonly Option[]> {
  if (!mayShare(visit)) return [];
  const everybody: Option = ["workspace", "Every member who is not a guest"];
  if (!visit.can("see_people")) return [everybody];
  const [groups, members] = await Promise.all([
    visit.api.get(`/v1/groups?limit=${CHOICES_MAX}`, pageOf(NamedGroup)),
    visit.api.get(`/v1/members?limit=${CHOICES_MAX}`, pageOf(NamedMember)),
  ]);
  return [
    everybody,
    ...groups.items.map(({ id, name }): Option => [`group:${id}`, `Group ${name}`]),
    ...members.items
      .filter(({ state }) => state !== "deactivated")
      .map((member): Option => [`user:${member.id}`, nameOf(member)]),
  ];
}

async function share(visit: InProject, filled: Filled): Promise<Response> {
  const [kind = "", id = ""] = filled.text("to").split(":");
  const grantee = kind === "workspace" ? { workspace: true } : { [kind]: id };
  const body = { ...grantee, access: filled.text("access") };
  const shared = await visit.api.send("PATCH", `${visit.at}/access`, SharingAnswer, { body });
  if (shared.ok) return visit.goTo(`${visit.home}/access?did=${body.access === "none" ? "taken" : "shared"}`);
  return showAccess(visit, wrongsOf(shared.error, ["to", "access"], fieldOf), 422);
}

/** Whom it is shared with has a name of its own for each kind. */
function fieldOf(path: string): string | null {
  const [, field = ""] = path.split("/");
  return GRANTEE_KINDS.some((kind) => kind === field) ? "to" : field;
}

interface Props {
  readonly visit: InProject;
  readonly sharing: SharingAnswer;
  readonly choices: readonly Option[];
  readonly wrongs: Wrongs;
}

const AccessPage = ({ visit, sharing: { grants, yours, people }, choices, wrongs }: Props) => {
  const { did } = visit.c.req.query();
  return (
    <Page visit={visit} title="Access">
      {did === "shared" ? <Done>It is shared so from now on.</Done> : null}
      {did === "taken" ? <Done>It is not shared with them any more.</Done> : null}
      <Troubles wrongs={wrongs} />
      <p>
        Yours is <strong>{LEVEL_NAMES[yours.access]}</strong>. {whyOf(yours)}
      </p>
      <h2>Shared with</h2>
      {grants.length === 0 ? <p class="quiet">Nobody: only whoever may share any project comes in.</p> : null}
      {grants.length === 0 ? null : (
        <ul class="sheet">
          {grants.map((grant) => (
            <OneShare visit={visit} grant={grant} />
          ))}
        </ul>
      )}
      {mayShare(visit) ? (
        <ShareForm visit={visit} choices={choices} wrongs={wrongs} />
      ) : (
        <p class="quiet">Sharing it needs full_access.</p>
      )}
      <h2>What that comes to</h2>
      <People people={people.items} />
      <More
        href={people.next_cursor === null ? null : withQuery(`${visit.home}/access`, { cursor: people.next_cursor })}
      >
        More people
      </More>
    </Page>
  );
};

const KINDS: Readonly<Record<(typeof GRANTEE_KINDS)[number], string>> = {
  user: "",
  group: "Group ",
  workspace: "Everybody in ",
};

const OneShare = ({ visit, grant }: { readonly visit: InProject; readonly grant: ShareAnswer }) => {
  const { grantee, access, lowered_to: left } = grant;
  const to = grantee.kind === "workspace" ? "workspace" : `${grantee.kind}:${grantee.id}`;
  return (
    <li>
      <p class="line">
        <span>
          {KINDS[grantee.kind]}
          <bdi>{grantee.name}</bdi>
        </span>
        <span class="mark">{LEVEL_NAMES[access]}</span>
        {left === null ? null : <span class="quiet">their role leaves {LEVEL_NAMES[left]} of it</span>}
      </p>
      {mayShare(visit) ? (
        <form class="row" method="post" action={`${visit.home}/access`}>
          <input type="hidden" name="to" value={to} />
          <Levels name={`access-${to}`} label={`Access of ${grantee.name}`} value={access} />
          <button class="second" type="submit">
            Change
          </button>
        </form>
      ) : null}
    </li>
  );
};

const LEVEL_OPTIONS = ACCESS_LEVELS.map((level): Option => [level, LEVEL_NAMES[level]]);

/** A select without a label that is seen: the row says whose it is. */
const Levels = ({
  name,
  label,
  value,
}: {
  readonly name: string;
  readonly label: string;
  readonly value: AccessLevel;
}) => (
  <select id={name} name="access" aria-label={label} class="short">
    {LEVEL_OPTIONS.map(([level, text]) => (
      <option value={level} selected={level === value}>
        {text}
      </option>
    ))}
  </select>
);

const ShareForm = ({ visit, choices, wrongs }: Pick<Props, "visit" | "choices" | "wrongs">) => (
  <form class="sheet" method="post" action={`${visit.home}/access`}>
    <h2>Share it with one more</h2>
    <div class="columns">
      <SelectField name="to" label="With" value="" options={choices} wrongs={wrongs} />
      <SelectField
        name="access"
        label="What they may do"
        value="can_view"
        options={LEVEL_OPTIONS.slice(1)}
        wrongs={wrongs}
      />
    </div>
    <button type="submit">Share</button>
  </form>
);

const People = ({ people }: { readonly people: readonly PersonAccessAnswer[] }) => (
  <Wide label="What the shares come to">
    <table>
      <thead>
        <tr>
          <th scope="col">Who</th>
          <th scope="col">Role</th>
          <th scope="col">Access</th>
          <th scope="col">Why</th>
        </tr>
      </thead>
      <tbody>
        {people.map((person) => (
          <tr>
            <td>
              <bdi>{nameOf(person.member)}</bdi>
            </td>
            <td>{person.member.role}</td>
            <td>{LEVEL_NAMES[person.access]}</td>
            <td class="quiet">{whyOf(person)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </Wide>
);

type Why = Pick<PersonAccessAnswer, "granted" | "role_cap" | "reason" | "through">;

const WHYS: Readonly<Record<AccessReason, (why: Why) => string>> = {
  granted: ({ granted, through }) => `${throughWhom(through)} gives ${LEVEL_NAMES[granted]}.`,
  lowered_by_role: ({ granted, role_cap, through }) =>
    `${throughWhom(through)} gives ${LEVEL_NAMES[granted]}; the role allows ${LEVEL_NAMES[role_cap]} at most.`,
  not_shared: () => "No share of it reaches them.",
  guests_need_their_own_share: () => "What the workspace was given is not for guests.",
};

const whyOf = (why: Why): string => WHYS[why.reason](why);

const throughWhom = (through: Why["through"]): string =>
  through === null
    ? "A share"
    : { user: "A share of their own", group: "A group", workspace: "The workspace's share" }[through.kind];
