import { lex } from '../sql/lexer.ts';
import { defineRule, type PlacedProblem, type RuleExamples } from './rule.ts';
import { quoted, shortened } from './shared/names.ts';

export const rule = defineRule({
  id: 'identifier-too-long',
  title: 'Identifier longer than 63 bytes',
  severity: 'warning',
  aside: true,
  why: 'PostgreSQL keeps the first 63 bytes of an identifier and drops the rest with no more than a notice. Two long names with the same beginning become one, and the second statement fails or changes the wrong object; tools that look for the name as it was written do not find it.',
  safeAlternative: 'Choose a name of at most 63 bytes.',
  reference: 'sql-syntax-lexical',
  knownAs: { squawk: ['identifier-too-long'], 'eslint-plugin-postgresql': ['no-identifier-too-long'] },
  migration: ({ migration }) => {
    const problems: PlacedProblem[] = [];
    for (const [section, part] of [
      ['up', migration.migration.up],
      ['down', migration.migration.down],
    ] as const) {
      if (!part) continue;
      const { text } = part.file;
      for (const { start, end } of part.pieces) {
        if (!LONG.test(text.slice(start, end)) && !hasLongWord(text, start, end)) continue;
        const seen = new Set<string>();
        for (const lexeme of lex(text, start, end)) {
          if (lexeme.kind !== 'word' && lexeme.kind !== 'quoted-identifier') continue;
          const written = text.slice(lexeme.start, lexeme.end);
          const name = lexeme.kind === 'word' ? written : written.slice(1, -1).replaceAll('""', '"');
          if (Buffer.byteLength(name) <= BYTES || seen.has(name)) continue;
          seen.add(name);
          problems.push({
            migration,
            section,
            span: { start: lexeme.start, end: lexeme.end },
            message: `This name is ${Buffer.byteLength(name)} bytes long: PostgreSQL takes it for ${quoted(shortened(name))}.`,
          });
        }
      }
    }
    return problems;
  },
});

export const examples: RuleExamples = {
  bad: [
    {
      history: [
        'CREATE TABLE customer_subscription_preferences (id bigint PRIMARY KEY, notification_channel text);',
      ],
      sql: 'CREATE INDEX CONCURRENTLY idx_customer_subscription_preferences_notification_channel_lookup ON customer_subscription_preferences (notification_channel);',
      noTransaction: true,
    },
  ],
  good: [
    { sql: 'CREATE TABLE customer_subscription_preferences (id bigint PRIMARY KEY);' },
    {
      sql: "COMMENT ON SCHEMA public IS 'a_text_may_be_as_long_as_it_likes_because_it_is_no_identifier_and_nothing_cuts_it_off';",
    },
  ],
};

const BYTES = 63;
/** Texts with neither this nor a long word are spared the lexer: most. 16 characters of four bytes are the shortest. */
const LONG = /"[^"\n]{16}|[\u0080-\uffff]/;

/** A word over the limit covers one of every so many characters, so only those are looked at. */
function hasLongWord(text: string, start: number, end: number): boolean {
  for (let at = start + BYTES; at < end; at += BYTES + 1) {
    let from = at;
    let to = at;
    while (from > start && isWord(text.charCodeAt(from - 1))) from--;
    while (to < end && isWord(text.charCodeAt(to))) to++;
    if (to - from > BYTES) return true;
  }
  return false;
}

/** ASCII letters, digits, `_` and `$`. */
function isWord(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 57) ||
    code === 95 ||
    code === 36
  );
}
