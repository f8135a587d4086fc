import { type Answer, type Asked, notFound, type Route, refusedByIntegration } from './answer.ts';
import { example } from './openapi.ts';
import type { Annotation, CheckRun } from './repository.ts';

interface Output {
  readonly title?: string;
  readonly summary?: string;
  readonly text?: string;
  readonly annotations?: readonly Annotation[];
}

function answer(status: number, run: CheckRun): Answer {
  const model = example('check-run');
  const output = {
    ...(model.output as object),
    title: run.title,
    summary: run.summary,
    text: run.text,
    annotations_count: run.annotations.length,
  };
  const html = `https://github.com/octo-org/shop/runs/${run.id}`;
  const { id, name, headSha, conclusion } = run;
  return {
    status,
    body: { ...model, id, name, head_sha: headSha, status: run.status, conclusion, output, html_url: html },
  };
}

/** Annotations of an update are appended to those that stand. */
function apply(run: CheckRun, output: Output | undefined): void {
  run.title = output?.title ?? run.title;
  run.summary = output?.summary ?? run.summary;
  run.text = output?.text ?? run.text;
  run.annotations.push(...(output?.annotations ?? []));
}

function create({ repository, body }: Asked): Answer {
  if (repository.refused.has('checks')) return refusedByIntegration();
  const run: CheckRun = {
    id: 100 + repository.checkRuns.length,
    name: String(body.name),
    headSha: String(body.head_sha),
    status: String(body.status ?? 'queued'),
    conclusion: typeof body.conclusion === 'string' ? body.conclusion : null,
    title: '',
    summary: '',
    text: '',
    annotations: [],
  };
  apply(run, body.output as Output | undefined);
  repository.checkRuns.push(run);
  return answer(201, run);
}

function update({ repository, parameters, body }: Asked): Answer {
  if (repository.refused.has('checks')) return refusedByIntegration();
  const run = repository.checkRuns.find((entry) => entry.id === Number(parameters.check_run_id));
  if (run === undefined) return notFound();
  apply(run, body.output as Output | undefined);
  if (typeof body.status === 'string') run.status = body.status;
  if (typeof body.conclusion === 'string') run.conclusion = body.conclusion;
  return answer(200, run);
}

export const checkRoutes: Readonly<Record<string, Route>> = {
  'POST /repos/{owner}/{repo}/check-runs': create,
  'PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}': update,
};
