import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { withActionTables } from '../../scripts/readme-tables.ts';
import { inputDefinitions } from '../../src/action/inputs.ts';
import { outputDefinitions } from '../../src/action/outputs.ts';

const text = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

interface Metadata {
  readonly description: string;
  readonly inputs: Record<string, { description: string; required: boolean; default: string }>;
  readonly outputs: Record<string, { description: string }>;
  readonly runs: { using: string; main: string };
}
const metadata = parse(text('action.yml')) as Metadata;

it('action.yml has the inputs that the code reads, with the same words and defaults', () => {
  const expected = inputDefinitions.map(({ name, description, default: value, values }) => {
    const choices = values?.filter((choice) => choice !== '').join(', ');
    return [
      name,
      {
        description: choices ? `${description} One of ${choices}.` : description,
        required: false,
        default: value,
      },
    ];
  });
  expect(Object.entries(metadata.inputs)).toEqual(expected);
});

it('action.yml has the outputs that the code sets', () => {
  const expected = outputDefinitions.map(({ name, description }) => [name, { description }]);
  expect(Object.entries(metadata.outputs)).toEqual(expected);
});

it('action.yml starts the built Action on Node 24, and fits the marketplace', () => {
  expect(metadata.runs).toEqual({ using: 'node24', main: 'dist/action.js' });
  expect(metadata.description.length).toBeLessThanOrEqual(125);
});

it("the README's tables of inputs, outputs and permissions are those of the code", () => {
  const readme = text('README.md');
  expect(withActionTables(readme)).toBe(readme);
});
