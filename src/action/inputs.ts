import { FAIL_ON } from '../configuration/configuration.ts';

/**
 * The inputs of the Action, once: action.yml and the README's table are held to this list by a contract test.
 * GitHub hands each over as the variable `INPUT_<NAME>`, spaces as `_`, upper case, `-` kept
 * (docs.github.com, "Metadata syntax for GitHub Actions", inputs).
 */
export interface InputDefinition {
  readonly name: string;
  readonly description: string;
  /** As action.yml writes it. */
  readonly default: string;
  /** Every permitted value; left out: free text. */
  readonly values?: readonly string[] | undefined;
}

const COMMENT = ['always', 'on-findings', 'never'] as const;
const ANNOTATIONS = ['auto', 'check', 'commands', 'off'] as const;
const FORKS = ['validate', 'prove', 'refuse'] as const;
const SWITCH = ['true', 'false'] as const;
const COMMANDS = ['validate', 'plan', 'up', 'down', 'status', 'gate'] as const;
const DRY_RUN = ['false', 'true', 'database'] as const;

export const inputDefinitions: readonly InputDefinition[] = [
  {
    name: 'github-token',
    description:
      'Token for the GitHub API. Without one, changes are read from git and reported in the log only.',
    default: `\${{ github.token }}`,
  },
  {
    name: 'directory',
    description:
      'Folders that hold migrations, one a line, relative to the repository root. Empty: the configuration, else detected.',
    default: '',
  },
  {
    name: 'layout',
    description:
      'Layout of the files, such as `airlock` or `flyway`. Empty: the configuration, else detected.',
    default: '',
  },
  {
    name: 'config',
    description:
      'Configuration file. Empty: `migration.config.yml` or `.yaml`. On a pull request its text is taken from the base commit.',
    default: '',
  },
  {
    name: 'fail-on',
    description: 'Least severity that makes the job fail. Empty: the configuration, else `error`.',
    default: '',
    values: ['', ...FAIL_ON],
  },
  {
    name: 'annotations',
    description:
      'How findings get to their lines: a check run, workflow commands, or `auto`: a check run where the token may make one.',
    default: 'auto',
    values: ANNOTATIONS,
  },
  {
    name: 'comment',
    description:
      'When the pull request gets its one comment. A comment that stands is kept up to date unless this is `never`.',
    default: 'always',
    values: COMMENT,
  },
  {
    name: 'suggestions',
    description: 'Offer fixes that keep the meaning as suggestions to commit, each of them once.',
    default: 'true',
    values: SWITCH,
  },
  {
    name: 'proof',
    description:
      'Run the changed migrations up, down and up again in a shadow database on the runner, on top of all earlier ones.',
    default: 'true',
    values: SWITCH,
  },
  {
    name: 'proof-timeout',
    description:
      'Minutes that the proof may take in all. Migrations that it does not reach are reported as not analysed.',
    default: '10',
  },
  {
    name: 'forks',
    description:
      'Pull requests from forks: `validate` reads their files and runs nothing of them, `prove` runs them too, in the embedded shadow database only and never on pull_request_target, `refuse` fails the job.',
    default: 'validate',
    values: FORKS,
  },
  {
    name: 'name',
    description:
      'Name of the check run, and key of the comment: a name of its own for each use of Airlock on one pull request.',
    default: 'Airlock',
  },
  {
    name: 'command',
    description:
      'What to do: `validate` a change; or, on a database, `plan` what an up would run, run it with `up`, take back with `down`, show the `status`, or `gate`: wait until the migrations of this checkout are applied there.',
    default: 'validate',
    values: COMMANDS,
  },
  {
    name: 'environment',
    description:
      'Environment of `migration.config.yml` that plan, up, down, status and gate are about. Empty: the database of `database-url`, or of DATABASE_URL, with the policy of the environment it is.',
    default: '',
  },
  {
    name: 'database-url',
    description:
      'Address of that database, from a secret. Empty: the variables of the step, as on the command line.',
    default: '',
  },
  {
    name: 'target',
    description: 'For plan, up and down: the migration, version or tag to go to.',
    default: '',
  },
  { name: 'steps', description: 'For plan, up and down: how many migrations at most.', default: '' },
  {
    name: 'dry-run',
    description:
      'For up and down: `true` shows what would run, `database` (up only) also runs it in a transaction that is rolled back.',
    default: 'false',
    values: DRY_RUN,
  },
  {
    name: 'approval',
    description:
      'For up and down: an approval token, or `github-environment` where the job runs in an environment with required reviewers.',
    default: '',
  },
  {
    name: 'gate-timeout',
    description: 'Minutes that `gate` waits.',
    default: '10',
  },
];

export type ActionCommand = (typeof COMMANDS)[number];

/** What plan, up, down, status and gate are told beside the files. */
interface Operation {
  readonly environment?: string | undefined;
  /** May hold a password. */
  readonly databaseUrl?: string | undefined;
  readonly target?: string | undefined;
  readonly steps?: string | undefined;
  readonly dryRun: (typeof DRY_RUN)[number];
  readonly approval?: string | undefined;
  /** Minutes. */
  readonly gateTimeout: number;
}

export interface Inputs {
  /** Undefined: no GitHub API. */
  readonly token?: string | undefined;
  readonly directories?: readonly string[] | undefined;
  readonly layout?: string | undefined;
  readonly config?: string | undefined;
  readonly failOn?: (typeof FAIL_ON)[number] | undefined;
  readonly annotations: (typeof ANNOTATIONS)[number];
  readonly comment: (typeof COMMENT)[number];
  readonly suggestions: boolean;
  readonly proof: boolean;
  /** Minutes. */
  readonly proofTimeout: number;
  readonly forks: (typeof FORKS)[number];
  readonly name: string;
  readonly command: ActionCommand;
  readonly operation: Operation;
}

export type InputsRead =
  | { readonly ok: true; readonly inputs: Inputs }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Checks every input and tells all problems at once. `env` is the environment of the process. */
export function readInputs(env: Readonly<Record<string, string | undefined>>): InputsRead {
  const problems: string[] = [];
  const texts = new Map(inputDefinitions.map((definition) => [definition.name, textOf(definition, env)]));
  const text = (name: string): string => texts.get(name) ?? '';

  function choice<T extends string>(name: string, values: readonly T[]): T | undefined {
    const found = values.find((value) => value === text(name));
    if (found === undefined) {
      problems.push(
        `input ${name}: "${text(name)}" is not one of ${values.filter((value) => value !== '').join(', ')}`,
      );
    }
    return found;
  }
  function path(name: string, written: string): string {
    const problem = pathProblem(written);
    if (problem !== undefined) problems.push(`input ${name}: "${written}" ${problem}`);
    return written.replace(/^(\.\/)+/, '').replace(/\/+$/, '');
  }

  const directories = text('directory')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => path('directory', line))
    .map((line) => (line === '.' ? '' : line));
  const config = text('config') && path('config', text('config'));
  const failOn = choice('fail-on', ['', ...FAIL_ON]);
  const annotations = choice('annotations', ANNOTATIONS);
  const comment = choice('comment', COMMENT);
  const suggestions = choice('suggestions', SWITCH);
  const proof = choice('proof', SWITCH);
  const proofTimeout = /^\d{1,4}$/.test(text('proof-timeout')) ? Number(text('proof-timeout')) : 0;
  if (proofTimeout === 0)
    problems.push(
      `input proof-timeout: "${text('proof-timeout')}" is not a number of minutes; proof: false leaves the proof out`,
    );
  const forks = choice('forks', FORKS);
  const command = choice('command', COMMANDS);
  const dryRun = choice('dry-run', DRY_RUN);
  const gateTimeout = /^\d{1,4}$/.test(text('gate-timeout')) ? Number(text('gate-timeout')) : undefined;
  if (gateTimeout === undefined)
    problems.push(`input gate-timeout: "${text('gate-timeout')}" is not a number of minutes`);
  if (command !== undefined) problems.push(...notOf(command, text));
  const name = text('name');
  if (/[\r\n]/.test(name) || name.length > 100)
    problems.push('input name: must be one line of at most 100 characters');

  const complete = annotations !== undefined && comment !== undefined && forks !== undefined;
  if (problems.length > 0 || !complete || !command || !dryRun || gateTimeout === undefined)
    return { ok: false, problems };
  return {
    ok: true,
    inputs: {
      token: text('github-token') || undefined,
      directories: directories.length > 0 ? directories : undefined,
      layout: text('layout') || undefined,
      config: config || undefined,
      failOn: failOn || undefined,
      annotations,
      comment,
      suggestions: suggestions === 'true',
      proof: proof === 'true',
      proofTimeout,
      forks,
      name,
      command,
      operation: {
        environment: text('environment') || undefined,
        databaseUrl: text('database-url') || undefined,
        target: text('target') || undefined,
        steps: text('steps') || undefined,
        dryRun,
        approval: text('approval') || undefined,
        gateTimeout,
      },
    },
  };
}

/** Inputs that not every command listens to. */
const FOR_SOME: Readonly<Record<string, readonly ActionCommand[]>> = {
  environment: ['plan', 'up', 'down', 'status', 'gate'],
  'database-url': ['plan', 'up', 'down', 'status', 'gate'],
  target: ['plan', 'up', 'down'],
  steps: ['plan', 'up', 'down'],
  'dry-run': ['up', 'down'],
  approval: ['up', 'down'],
  config: ['validate'],
};

/** An input that nobody would listen to is a mistake: what it was to prevent would happen. */
function notOf(command: ActionCommand, text: (name: string) => string): string[] {
  const idle = new Set(['', 'false']);
  return Object.entries(FOR_SOME)
    .filter(([name, commands]) => !idle.has(text(name)) && !commands.includes(command))
    .map(([name, commands]) => `input ${name}: is for ${commands.join(', ')}, and command is ${command}`);
}

/** The token stands for itself: it is a secret before anything is known to be valid. */
export function tokenOf(env: Readonly<Record<string, string | undefined>>): string | undefined {
  return env['INPUT_GITHUB-TOKEN']?.trim() || undefined;
}

function textOf(definition: InputDefinition, env: Readonly<Record<string, string | undefined>>): string {
  const given = env[`INPUT_${definition.name.replaceAll(' ', '_').toUpperCase()}`]?.trim() ?? '';
  // The default of the token is an expression that only the runner evaluates.
  return given === '' && !definition.default.startsWith('${{') ? definition.default : given;
}

function pathProblem(path: string): string | undefined {
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path) || path.includes('\\')) {
    return 'must be relative to the repository root, with / between its parts';
  }
  if (path.split('/').includes('..')) return 'must not leave the repository';
  return path.includes('\0') ? 'holds a NUL character' : undefined;
}
