import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { outputDefinitions } from '../../../src/action/outputs.ts';
import { type Result, resultSchema } from '../../../src/report/result.ts';
import { standInToken } from '../../github-stand-in/server.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
/** AIRLOCK_ACTION names another build. */
const action = process.env.AIRLOCK_ACTION ?? join(root, 'dist/action.js');

export interface ActionRun {
  readonly event: string;
  readonly payload: unknown;
  readonly workspace: string;
  /** GITHUB_SHA. */
  readonly sha: string;
  readonly apiUrl: string;
  readonly inputs?: Readonly<Record<string, string>>;
}

export interface ActionEnd {
  readonly code: number;
  /** Both streams. */
  readonly log: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  readonly result: Result;
  readonly sarif: {
    readonly version: string;
    readonly runs: readonly {
      readonly results: readonly unknown[];
      readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
    }[];
  };
}

/** The environment that the runner would make: inputs with the defaults of action.yml, and nothing of this process. */
export async function runAction(run: ActionRun): Promise<ActionEnd> {
  if (!existsSync(action)) throw new Error(`${action} is not built. Type: npm run build`);
  const temporary = mkdtempSync(join(tmpdir(), 'airlock-runner-'));
  const file = (name: string, text = ''): string => {
    writeFileSync(join(temporary, name), text);
    return join(temporary, name);
  };
  const env = {
    PATH: process.env.PATH,
    HOME: temporary,
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_API_URL: run.apiUrl,
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_REPOSITORY: 'octo-org/shop',
    GITHUB_RUN_ID: '42',
    GITHUB_EVENT_NAME: run.event,
    GITHUB_EVENT_PATH: file('event.json', JSON.stringify(run.payload)),
    GITHUB_SHA: run.sha,
    GITHUB_WORKSPACE: run.workspace,
    GITHUB_OUTPUT: file('output'),
    GITHUB_STEP_SUMMARY: file('summary.md'),
    RUNNER_TEMP: temporary,
    ...inputVariables(run.inputs ?? {}),
  };
  const { code, log } = await start(env, run.workspace);
  const outputs = readOutputs(readFileSync(env.GITHUB_OUTPUT, 'utf8'));
  for (const { name } of outputDefinitions) {
    if (!(name in outputs)) throw new Error(`output ${name} was not set:\n${log}`);
  }
  return {
    code,
    log,
    outputs,
    summary: readFileSync(env.GITHUB_STEP_SUMMARY, 'utf8'),
    result: resultSchema.parse(JSON.parse(readFileSync(outputs.result ?? '', 'utf8'))),
    sarif: JSON.parse(readFileSync(outputs.sarif ?? '', 'utf8')),
  };
}

function inputVariables(inputs: Readonly<Record<string, string>>): Record<string, string> {
  const metadata = parse(readFileSync(join(root, 'action.yml'), 'utf8')) as {
    inputs: Record<string, { default?: string }>;
  };
  return Object.fromEntries(
    Object.entries(metadata.inputs).map(([name, { default: value = '' }]) => {
      const given = inputs[name] ?? (value === `\${{ github.token }}` ? standInToken : value);
      return [`INPUT_${name.toUpperCase()}`, given];
    }),
  );
}

function start(
  env: Readonly<Record<string, string | undefined>>,
  cwd: string,
): Promise<{ code: number; log: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [action], { env, cwd, timeout: 50_000 }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? -1), log: stdout + stderr });
    });
  });
}

/** GITHUB_OUTPUT: `name<<delimiter`, the value's lines, the delimiter. */
function readOutputs(text: string): Record<string, string> {
  const outputs: Record<string, string> = {};
  for (const [, name, , value] of text.matchAll(/^(.+?)<<(\S+)\r?\n([\s\S]*?)\r?\n\2\r?$/gm)) {
    if (name !== undefined) outputs[name] = value ?? '';
  }
  return outputs;
}
