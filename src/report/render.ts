import type { SourceFile } from '../sql/source.ts';
import type { MarkdownOptions } from './markdown.ts';
import { type Redactor, redactResult } from './redact.ts';
import type { Result } from './result.ts';
import type { RuleText } from './sarif-rules.ts';
import { renderTerminal, summaryLine } from './terminal.ts';

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

/** The result as text for standard output. Text is what nearly every run prints; other formats are loaded when asked for. */
export async function render(format: Format, raw: Result, options: RenderOptions): Promise<string> {
  const result = redactResult(raw, options.redact);
  const { source, redact } = options;
  switch (format) {
    case 'text': {
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
      const { renderAnnotations } = await import('./annotations.ts');
      return renderAnnotations(result, summaryLine(result));
    }
  }
}
