import { variable } from '../configuration/variables.ts';
import { covers, EMPTY_HEAD, type Intent, readHead } from '../engine/approval/covers.ts';
import { reviewersOf } from '../engine/approval/github-environment.ts';
import { type HistoryHead, readConsent, SHORTEST_KEY } from '../engine/approval/token.ts';
import type { Run } from '../engine/run.ts';

import { planText } from '../report/engine-text.ts';
import type { Result } from '../report/result.ts';
import { visibleLine } from '../report/visible.ts';
import { type CommandWorld, exitCodes } from './command.ts';
import type { Desk, Look, Stopped } from './database.ts';

type ApprovalKind = 'token' | 'terminal' | 'github-environment';

/** One person's consent to what is about to run. */
interface Given {
  readonly approver: string;
  readonly digest: string;
  readonly head: HistoryHead;
  /** ISO 8601. Undefined: given for this very run, by somebody who is there. */
  readonly expires?: string | undefined;
}

/** Undefined where none is needed. */
export interface Approval {
  readonly kind: ApprovalKind;
  readonly given: readonly Given[];
}

export interface ApprovalQuestion {
  readonly desk: Desk;
  readonly world: CommandWorld;
  readonly intent: Intent;
  readonly plan: NonNullable<Result['plan']>;
  /** --approval */
  readonly flag: string | undefined;
}

export type Approved = { readonly ok: true; readonly approval: Approval | undefined } | Stopped;

/** Where the history ends that a person is asked about; to be asked before the connection of the look is closed. */
export async function headOf(desk: Desk, look: Look): Promise<HistoryHead> {
  if (desk.target.policy.requireApproval === 0 || !look.installed) return EMPTY_HEAD;
  return readHead(look.connection, look.tables);
}

/**
 * Asks for as many approvals as the environment wants: by tokens, by GitHub's reviewers, or by somebody who sits at a
 * terminal. What checks them comes from the process's own environment and never from `.env`, which is a file of the
 * checkout; nothing in the database counts.
 */
export async function askApproval(question: ApprovalQuestion): Promise<Approved> {
  const { desk, world, flag } = question;
  const { environment, policy } = desk.target;
  if (policy.requireApproval === 0) return { ok: true, approval: undefined };
  if (environment === undefined)
    return refused(
      question,
      'an approval is for an environment, and none was named.',
      'name it: --env <name>',
    );
  const tokens = flag ?? variable(world.env, 'APPROVAL_TOKEN');
  const answer =
    tokens === 'github-environment'
      ? await byReviewers(question, environment)
      : tokens !== undefined
        ? byTokens(question, environment, tokens)
        : await atTerminal(question, environment);
  if (!answer.ok) return answer;
  const approvers = answer.approval.given.map(({ approver }) => approver);
  const people = new Set(approvers.map((name) => name.toLowerCase()));
  const problem = approvers.map((name) => whyNot(name, question)).find((each) => each !== undefined);
  if (problem !== undefined)
    return refused(
      question,
      problem,
      'let somebody else approve, or see approvers: in the reviewed configuration',
    );
  if (people.size < policy.requireApproval)
    return refused(
      question,
      `${environment} asks for ${policy.requireApproval} approvals, and ${people.size === 1 ? 'one was' : `${people.size} were`} given.`,
      `each approver: ${approveLine(question)}; then --approval <token>,<token>`,
    );
  return answer;
}

type Answer = { readonly ok: true; readonly approval: Approval } | Stopped;

function byTokens(question: ApprovalQuestion, environment: string, text: string): Answer {
  const { world, intent } = question;
  const key = variable(world.env, 'APPROVAL_KEY');
  if (key === undefined || key.length < SHORTEST_KEY)
    return refused(
      question,
      `a token cannot be checked: APPROVAL_KEY is ${key === undefined ? 'not set' : `shorter than ${SHORTEST_KEY} characters`} in the environment of this process (.env does not count).`,
      'set APPROVAL_KEY to the key that approve was given',
    );
  const { gitSha: commit } = question.desk.who;
  const given: Given[] = [];
  for (const token of text.split(/[\s,]+/).filter((each) => each !== '')) {
    const consent = readConsent(token, key);
    const problem =
      consent === undefined
        ? 'the approval is no token that was signed with this APPROVAL_KEY.'
        : consent.environment !== environment
          ? `the approval is for ${visibleLine(consent.environment)}, and this is ${environment}.`
          : isOver(consent.expires, world)
            ? `the approval expired at ${consent.expires}.`
            : !covers(consent, intent)
              ? notCovered(consent, question)
              : consent.commit !== undefined && commit !== undefined && consent.commit !== commit
                ? `the approval is for the commit ${consent.commit}, and this checkout is at ${commit}: a new push voids it.`
                : undefined;
    if (consent === undefined || problem !== undefined)
      return refused(question, problem ?? '', approveLine(question));
    given.push(consent);
  }
  return { ok: true, approval: { kind: 'token', given } };
}

function isOver(expires: string | undefined, { now }: Pick<CommandWorld, 'now'>): boolean {
  return expires !== undefined && Date.parse(expires) <= now().getTime();
}

function notCovered({ digest, head }: Given, { intent, plan }: ApprovalQuestion): string {
  if (head.database !== '' && head.database !== intent.head.database)
    return 'the approval is for another database, whatever this environment is called: it is void here.';
  return digest === plan.digest
    ? 'the history of the database moved since this plan was approved: the approval is void.'
    : `the approval is for the plan ${digest}, and this one is ${plan.digest}.`;
}

async function byReviewers(question: ApprovalQuestion, environment: string): Promise<Answer> {
  const { desk, world, intent, plan } = question;
  const [repository, runId, token] = ['GITHUB_REPOSITORY', 'GITHUB_RUN_ID', 'GITHUB_TOKEN'].map((name) =>
    variable(world.env, name),
  );
  if (repository === undefined || runId === undefined || token === undefined)
    return refused(
      question,
      'github-environment is for a job of a workflow: GITHUB_REPOSITORY, GITHUB_RUN_ID and GITHUB_TOKEN say which one.',
      'give the step the token of the job as GITHUB_TOKEN, or --approval <token>',
    );
  const api = variable(world.env, 'GITHUB_API_URL') ?? 'https://api.github.com';
  desk.log('reviewers asked', { repository, runId, environment });
  const reviewed = await reviewersOf({ api, repository, runId, token }, environment);
  if (!reviewed.ok) return refused(question, reviewed.problem, reviewed.next);
  const given = reviewed.reviewers.map((approver) => ({ approver, digest: plan.digest, head: intent.head }));
  return { ok: true, approval: { kind: 'github-environment', given } };
}

async function atTerminal(question: ApprovalQuestion, environment: string): Promise<Answer> {
  const { desk, world, intent, plan } = question;
  const asks = `${environment} asks for an approval of exactly this plan, digest ${plan.digest}.`;
  if (world.ask === undefined) return refused(question, asks, approveLine(question));
  world.printError(desk.redact(planText(plan, intent.direction)));
  const typed = await world.ask(`${environment} asks for an approval. Type its name to run this plan: `);
  if (typed?.trim() !== environment)
    return refused(question, `${asks} Its name was not typed.`, approveLine(question));
  return {
    ok: true,
    approval: {
      kind: 'terminal',
      given: [{ approver: desk.who.executedBy, digest: plan.digest, head: intent.head }],
    },
  };
}

/** Why somebody's approval does not count here. */
function whyNot(name: string, { desk, intent }: ApprovalQuestion): string | undefined {
  const { users, teams, allowAuthor } = desk.target.policy.approvers;
  const same = (other: string): boolean =>
    other.replace(/^@/, '').toLowerCase() === name.replace(/^@/, '').toLowerCase();
  if ((users.length > 0 || teams.length > 0) && !users.some(same))
    return `${visibleLine(name)} is none of the approvers of this environment${teams.length > 0 ? ' (who is in a team is not asked here)' : ''}.`;
  const own = allowAuthor
    ? undefined
    : intent.migrations.find(({ migration }) => same(migration.metadata?.author ?? ''));
  return (
    own &&
    `${visibleLine(name)} is the author of ${own.migration.id}, and authors do not approve their own plan.`
  );
}

function approveLine({ desk, plan }: ApprovalQuestion): string {
  return `somebody who has APPROVAL_KEY: airlock approve --env ${desk.target.environment} --plan ${plan.digest}; then --approval <token>`;
}

function refused({ plan }: ApprovalQuestion, problem: string, next: string): Stopped {
  return {
    ok: false,
    code: exitCodes.approvalRequired,
    reasonCode: 'approval-required',
    problems: [problem],
    next,
    result: { plan },
  };
}

/**
 * Under the lease, where nothing moves any more: what was approved is what runs. Writes down who approved it, and how.
 */
export async function useApproval(
  run: Run,
  approval: Approval | undefined,
  intent: Omit<Intent, 'head'>,
  world: Pick<CommandWorld, 'now'>,
): Promise<Stopped | undefined> {
  if (approval === undefined || intent.migrations.length === 0) return undefined;
  const late = approval.given.find(({ expires }) => isOver(expires, world));
  if (late)
    return {
      ok: false,
      code: exitCodes.approvalRequired,
      reasonCode: 'approval-required',
      problems: [
        `the approval expired at ${late.expires}, while this command waited for the lease; nothing was run.`,
      ],
      next: 'airlock plan shows what is left, to be approved again',
    };
  const { keeper } = run.sessions;
  const now = { ...intent, head: await readHead(keeper, run.tables) };
  if (!approval.given.every((each) => covers(each, now)))
    return {
      ok: false,
      code: exitCodes.approvalRequired,
      reasonCode: 'approval-required',
      problems: ['another command changed the history while this one waited: the approval is void.'],
      next: 'airlock plan shows what is left, to be approved again',
    };
  await run.audit.together(keeper, {
    action: 'approved',
    details: {
      kind: approval.kind,
      approvers: approval.given.map(({ approver }) => approver),
      direction: intent.direction,
      digests: [...new Set(approval.given.map(({ digest }) => digest))],
    },
  });
  return undefined;
}
