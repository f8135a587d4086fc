import type { SourceFile } from '../sql/source.ts';
import type { MarkdownOptions } from './markdown.ts';
import type { Redactor } from './redact.ts';
import type { Result } from './result.ts';
import type { RuleText } from './sarif-rules.ts';

export const formats = ['text', 'json', 'markdown', 'sarif', 'github'] as const;
export type Format = (typeof formats)[number];

export interface RenderOptions {
  /** Columns and colour of the terminal, for `text`. Default: 80, none. */
  readonly width?: number | undefined;
  readonly colour?: boolean | undefined;
  readonly source?: ((file: string) => SourceFile | undefined) | undefined;
  /** Takes secrets out of everything that is printed. */
  readonly redact: Redactor;
  /** For `sarif`. */
  readonly rules?: readonly RuleText[] | undefined;
  readonly version?: string | undefined;
  /** For `markdown`. */
  readonly link?: MarkdownOptions['link'];
  readonly maxLength?: number | undefined;
}

/** The result as text for standard output. Each format loads only its own code. */
export async function render(format: Format, raw: Result, options: RenderOptions): Promise<string> {
  const { redactResult } = await import('./redact.ts');
  const result = redactResult(raw, options.redact);
  const { source, redact } = options;
  switch (format) {
    case 'text': {
      const { renderTerminal } = await import('./terminal.ts');
      return renderTerminal(result, {
        colour: options.colour ?? false,
        width: options.width ?? 80,
        source,
        redact,
      });
    }
    case 'json':
      return (await import('./json.ts')).renderJson(result);
    case 'markdown': {
      const [{ renderMarkdown }, { neutralise }] = await Promise.all([
        import('./markdown.ts'),
        import('./actions-log.ts'),
      ]);
      // Printed, it is a log like any other.
      return neutralise(
        renderMarkdown(result, { source, redact, link: options.link, maxLength: options.maxLength }),
      );
    }
    case 'sarif': {
      const { renderSarif } = await import('./sarif.ts');
      return renderSarif(result, {
        rules: options.rules ?? [],
        version: options.version ?? '0.0.0',
        source,
      });
    }
    case 'github': {
      const [{ renderAnnotations }, { summaryLine }] = await Promise.all([
        import('./annotations.ts'),
        import('./terminal.ts'),
      ]);
      return renderAnnotations(result, summaryLine(result));
    }
  }
}
