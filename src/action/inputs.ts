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
];

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
  const name = text('name');
  if (/[\r\n]/.test(name) || name.length > 100)
    problems.push('input name: must be one line of at most 100 characters');

  const complete = annotations !== undefined && comment !== undefined && forks !== undefined;
  if (problems.length > 0 || !complete) return { ok: false, problems };
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
    },
  };
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
