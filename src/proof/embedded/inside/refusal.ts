import type { Reply } from '../protocol.ts';

const TEXTS = ['detail', 'hint', 'where', 'schema', 'table', 'column', 'constraint'] as const;

/** What the server said, or undefined where it was the program that failed. */
export function refusal(error: unknown): Reply['error'] {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  if (!/^[0-9A-Z]{5}$/.test(error.code)) return undefined;
  const fields = error as unknown as Readonly<Record<string, unknown>>;
  const position = Number(fields['position']);
  return {
    code: error.code,
    message: error.message,
    ...(Number.isInteger(position) && position > 0 ? { position } : {}),
    ...Object.fromEntries(
      TEXTS.flatMap((name) => (typeof fields[name] === 'string' ? [[name, fields[name]]] : [])),
    ),
  };
}
