import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Answer, failure, type Route } from './answer.ts';
import { checkRoutes } from './check-routes.ts';
import { contentsRoutes } from './contents-routes.ts';
import { conversationRoutes } from './conversation-routes.ts';
import { checkRequest, checkResponse, match } from './openapi.ts';
import type { Repository } from './repository.ts';

/**
 * A local GitHub that keeps state, for programs run as a process. Whatever GitHub's description does
 * not allow is written to `violations`, which a test must find empty.
 */
export interface GitHubStandIn {
  /** What GITHUB_API_URL must say. */
  readonly url: string;
  /** "METHOD path" of every request, in order. */
  readonly requests: string[];
  readonly violations: string[];
  close(): Promise<void>;
}

export const standInToken = 'ghs_StandInTokenOfTheAcceptanceTest0000000';
const routes: Readonly<Record<string, Route>> = { ...contentsRoutes, ...conversationRoutes, ...checkRoutes };

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return chunks.length === 0 ? undefined : JSON.parse(Buffer.concat(chunks).toString('utf8'));
}

function headerProblems({ headers }: IncomingMessage): string[] {
  const wrong: string[] = [];
  if (headers.authorization !== `token ${standInToken}`)
    wrong.push('the token is not in the Authorization header');
  if (!headers['user-agent']) wrong.push('GitHub refuses requests without a User-Agent');
  if (!/^application\/(vnd\.github|json)/.test(headers.accept ?? '')) wrong.push(`Accept: ${headers.accept}`);
  return wrong;
}

/** One page of a list, and the Link header that leads to the next. */
function page(entries: readonly unknown[], url: URL): { body: unknown; headers: Record<string, string> } {
  const size = Math.min(Number(url.searchParams.get('per_page') ?? 30), 100);
  const number = Number(url.searchParams.get('page') ?? 1);
  const next = new URL(url);
  next.searchParams.set('page', String(number + 1));
  const more = entries.length > number * size;
  return {
    body: entries.slice((number - 1) * size, number * size),
    headers: more ? { link: `<${next.href}>; rel="next"` } : {},
  };
}

/** The GraphQL API has no OpenAPI description: the one query that is used is spelled out. */
function graphql(repository: Repository, body: unknown, violations: string[]): Answer {
  const query = String((body as { query?: unknown } | undefined)?.query).replace(/\s+/g, '');
  if (query !== '{viewer{login}}') violations.push(`GraphQL: unexpected query ${query}`);
  return { status: 200, body: { data: { viewer: { login: repository.login } } } };
}

export async function startGitHub(repository: Repository, basePath = ''): Promise<GitHubStandIn> {
  const requests: string[] = [];
  const violations: string[] = [];

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const method = request.method ?? '';
    const url = new URL(request.url ?? '', `http://${request.headers.host}`);
    const body = await bodyOf(request);
    requests.push(`${method} ${decodeURIComponent(url.pathname)}${url.search}`);
    violations.push(...headerProblems(request));
    function send(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): void {
      response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
      response.end(JSON.stringify(value));
    }
    const fault = repository.faults.find(
      (entry) => entry.method === method && entry.path.test(url.pathname) && entry.times > 0,
    );
    if (fault !== undefined) fault.times -= 1;
    if (fault !== undefined && fault.after !== true)
      return send(fault.status, { message: fault.message }, fault.headers);
    // A GHES instance serves REST below /api/v3 and GraphQL at /api/graphql.
    if (method === 'POST' && url.pathname === (basePath === '' ? '/graphql' : '/api/graphql')) {
      const { status, body: data } = graphql(repository, body, violations);
      return send(status, data);
    }
    const found = url.pathname.startsWith(`${basePath}/`)
      ? match(method, url.pathname.slice(basePath.length))
      : undefined;
    const route = found === undefined ? undefined : routes[`${method} ${found.template}`];
    if (found === undefined || route === undefined) {
      violations.push(
        `${method} ${url.pathname}: ${found === undefined ? 'GitHub has no such operation' : 'the stand-in does not play it'}`,
      );
      return send(501, { message: 'not played' });
    }
    const wrong = checkRequest(found, url.searchParams, body);
    violations.push(...wrong);
    if (wrong.length > 0) return send(422, failure(422, wrong.join('; ')).body);
    const { parameters } = found;
    const ours = parameters.owner === repository.owner && parameters.repo === repository.name;
    const asked = {
      repository,
      parameters,
      query: url.searchParams,
      body: (body ?? {}) as Record<string, unknown>,
    };
    const result = ours ? route(asked) : failure(404, 'Not Found');
    if (fault !== undefined) return send(fault.status, { message: fault.message }, fault.headers);
    const { body: value, headers } =
      result.list === undefined ? { body: result.body, headers: {} } : page(result.list, url);
    if (result.status < 400) violations.push(...checkResponse(found, result.status, value));
    send(result.status, value, headers);
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      violations.push(`the stand-in failed: ${String(error)}`);
      response.writeHead(500).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${basePath}`,
    requests,
    violations,
    close: () =>
      new Promise((resolve, reject) => {
        server.closeAllConnections();
        server.close((error) => (error === undefined ? resolve() : reject(error)));
      }),
  };
}
