import type { Node } from '@pgsql/types';
import { lex } from '../../lexer.ts';
import type { Span } from '../../source.ts';
import type { RoutineBody, SetOption, StatementFacts, Volatility } from '../../statement.ts';
import { as, type Body, NONE, objectName, setting, strings, type TreeContext } from '../tree.ts';
import { typeName } from '../types.ts';

/** What a body is, before anybody looked into it. */
export interface BodyText {
  readonly language: string;
  readonly body: string;
  /** Of the text between the quotes. */
  readonly span: Span;
  readonly dollarQuoted: boolean;
}

export type AnalyseBody = (text: BodyText, context: TreeContext) => RoutineBody;

interface Given {
  language?: string;
  text?: string;
  as?: number;
  securityDefiner: boolean;
  volatility: Volatility;
  settings: SetOption[];
}

function given(nodes: readonly Node[] | undefined): Given {
  const found: Given = { securityDefiner: false, volatility: 'volatile', settings: [] };
  for (const node of nodes ?? []) {
    const option = as('DefElem', node);
    if (!option) continue;
    const text = as('String', option.arg)?.sval;
    if (option.defname === 'language' && text !== undefined) found.language = text.toLowerCase();
    else if (option.defname === 'as') {
      const body = text ?? strings(as('List', option.arg)?.items)[0];
      if (body !== undefined) found.text = body;
      if (option.location !== undefined) found.as = option.location;
    } else if (option.defname === 'security')
      found.securityDefiner = as('Boolean', option.arg)?.boolval === true;
    else if (option.defname === 'volatility' && text !== undefined) found.volatility = text as Volatility;
    else if (option.defname === 'set') {
      const statement = as('VariableSetStmt', option.arg);
      if (statement) found.settings.push(setting(statement));
    }
  }
  return found;
}

export function createFunction(
  tree: Body<'CreateFunctionStmt'>,
  context: TreeContext,
  analyse: AnalyseBody,
): StatementFacts {
  const options = given(tree.options);
  const language = options.language ?? 'sql';
  const body =
    options.text === undefined
      ? undefined
      : analyse(bodyText(options.text, options.as, language, context), context);
  return {
    kind: 'create-function',
    routine: objectName(strings(tree.funcname)),
    procedure: tree.is_procedure === true,
    orReplace: tree.replace === true,
    language,
    securityDefiner: options.securityDefiner,
    volatility: options.volatility,
    settings: options.settings,
    ...(tree.returnType ? { returns: typeName(tree.returnType, context) } : {}),
    inputs: inputs(tree.parameters, context),
    ...(body ? { body } : {}),
    ...(tree.sql_body ? { atomic: analyse(standardBody(context), context) } : {}),
  };
}

function inputs(parameters: readonly Node[] | undefined, context: TreeContext): readonly string[] {
  const found: string[] = [];
  for (const node of parameters ?? []) {
    const parameter = as('FunctionParameter', node);
    if (parameter?.mode === 'FUNC_PARAM_OUT' || parameter?.mode === 'FUNC_PARAM_TABLE') continue;
    const { schema, name, array } = typeName(parameter?.argType, context);
    found.push(`${schema === undefined ? '' : `${schema}.`}${name}${array ? '[]' : ''}`);
  }
  return found.length === 0 ? NONE : found;
}

export function alterFunction(tree: Body<'AlterFunctionStmt'>): StatementFacts {
  const volatility = (tree.actions ?? []).some((node) => as('DefElem', node)?.defname === 'volatility');
  return {
    kind: 'alter-function',
    routine: objectName(strings(tree.func?.objname)),
    ...(volatility ? { volatility: given(tree.actions).volatility } : {}),
  };
}

export function doBlock(tree: Body<'DoStmt'>, context: TreeContext, analyse: AnalyseBody): StatementFacts {
  const options = given(tree.args);
  const text = bodyText(options.text ?? '', options.as, options.language ?? 'plpgsql', context);
  return { kind: 'do', body: analyse(text, context) };
}

/** Finds the body between its quotes: the text itself for dollar quotes, the whole literal for others. */
function bodyText(
  text: string,
  location: number | undefined,
  language: string,
  context: TreeContext,
): BodyText {
  const from = location === undefined ? context.span.start : context.toOffset(location);
  const inside = context.text.slice(from, context.span.end).indexOf(text);
  const found = text !== '' && inside !== -1;
  const at = from + inside;
  return {
    language,
    body: text,
    span: found ? { start: at, end: at + text.length } : context.span,
    dollarQuoted: found && context.text[at - 1] === '$',
  };
}

/**
 * BEGIN ATOMIC … END or RETURN … (sql-createfunction): SQL that stands in no quotes. RETURN is read as the SELECT that
 * it is, which has as many letters, so that positions stay.
 */
function standardBody({ text, span }: TreeContext): BodyText {
  let start = span.start;
  let end = span.end;
  let depth = 0;
  let before = '';
  let starts = false;
  const returns: number[] = [];
  for (const lexeme of lex(text, span.start, span.end)) {
    if (lexeme.kind === 'line-comment' || lexeme.kind === 'block-comment') continue;
    if (lexeme.kind === 'symbol') {
      const symbol = text[lexeme.start];
      depth += symbol === '(' ? 1 : symbol === ')' ? -1 : 0;
    }
    const word = lexeme.kind === 'word' ? text.slice(lexeme.start, lexeme.end).toLowerCase() : '';
    if (start !== span.start) {
      if (word === 'end') end = lexeme.start;
      if (starts && word === 'return') returns.push(lexeme.start);
      starts = lexeme.kind === 'semicolon';
    } else if (depth === 0 && before === 'begin' && word === 'atomic') {
      start = lexeme.end;
      starts = true;
    } else if (depth === 0 && word === 'return') {
      start = lexeme.start;
      returns.push(start);
      break;
    }
    before = word;
  }
  let body = '';
  let copied = start;
  for (const at of returns) {
    body += `${text.slice(copied, at)}SELECT`;
    copied = at + 'RETURN'.length;
  }
  body += text.slice(copied, end);
  return { language: 'sql', body, span: { start, end }, dollarQuoted: false };
}
