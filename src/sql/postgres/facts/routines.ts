import type { Node } from '@pgsql/types';
import type { Span } from '../../source.ts';
import type { RoutineBody, SetOption, StatementFacts, Volatility } from '../../statement.ts';
import { as, type Body, objectName, setting, strings, type TreeContext } from '../tree.ts';
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
    ...(body ? { body } : {}),
  };
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
