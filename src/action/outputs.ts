/** The outputs of the Action, once: action.yml and the README's table are held to this list by a contract test. */
export const outputDefinitions = [
  {
    name: 'reason-code',
    description:
      'Why the run ended as it did, always set: `clean`, `findings`, `nothing-to-do`, `configuration-invalid` …',
  },
  {
    name: 'result',
    description: 'Path of the result document, JSON as `docs/result.schema.json` describes it.',
  },
  {
    name: 'sarif',
    description: 'Path of the same findings as SARIF 2.1.0, for `github/codeql-action/upload-sarif`.',
  },
  { name: 'errors', description: 'Number of findings with severity error.' },
  { name: 'warnings', description: 'Number of findings with severity warning.' },
  { name: 'infos', description: 'Number of findings with severity info.' },
  {
    name: 'risk',
    description:
      '`high` with an error, `medium` with a warning or with something that could not be analysed, else `low`.',
  },
  {
    name: 'proven',
    description:
      '`true` where every changed migration was run in a shadow database, whatever came of it, else `false`.',
  },
  {
    name: 'comment-url',
    description: 'Address of the comment on the pull request; empty where there is none.',
  },
  {
    name: 'check-url',
    description: 'Address of the check run; empty where findings are reported as workflow commands.',
  },
  { name: 'digest', description: 'Of plan and up: the digest of the plan, which an approval is for.' },
  { name: 'applied', description: 'Of up: how many migrations this run applied and are in force.' },
  {
    name: 'pending',
    description: 'Of plan, up, status and gate: how many migrations the database does not have.',
  },
] as const;

type OutputName = (typeof outputDefinitions)[number]['name'];
export type Outputs = Readonly<Record<OutputName, string>>;
