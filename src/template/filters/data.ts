/** Filters from and to JSON and YAML. */

import { Findings } from '../../fault.ts';
import { numberOf } from '../../value/arithmetic.ts';
import { readJson, writeJson } from '../../value/json.ts';
import { PythonError } from '../../value/python-error.ts';
import type { Term } from '../../value/term.ts';
import { str } from '../../value/text.ts';
import { truthy } from '../../value/truth.ts';
import type { Value } from '../../value/value.ts';
import { readYaml } from '../../value/yaml.ts';
import { writeYaml, type YamlStyle } from '../../value/yaml-dump.ts';
import type { Arguments } from '../arguments.ts';
import { jsonQuery } from '../json-query.ts';
import { type Filters, filter } from '../language.ts';
import { prepare } from '../lazy.ts';

function indentOf(term: Term | undefined): number | string | undefined {
  if (term === undefined || term === null) return undefined;
  return typeof term === 'string' ? term : numberOf(term);
}

const named = (args: Arguments, name: string, usual: boolean): boolean => truthy(args.others.get(name) ?? usual);

function separators(args: Arguments): readonly [string, string] | undefined {
  const given = args.others.get('separators');
  return Array.isArray(given) ? [str(given[0]), str(given[1])] : undefined;
}

function parseJson(text: string): Value {
  try {
    return readJson(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new PythonError(`this is not JSON: ${JSON.stringify(text.slice(0, 60))}`);
  }
}

function parseYaml(text: string): readonly Term[] {
  const findings = new Findings();
  const { documents } = readYaml(text, 'from_yaml', findings);
  const [fault] = findings.faults;
  if (fault) throw new PythonError(`this is not YAML: ${fault.message} (line ${fault.where?.line ?? 1})`);
  // Text marked !unsafe is plain text in a template.
  return documents.map((document) => prepare(document, undefined));
}

function yamlStyle(args: Arguments, usual: YamlStyle): YamlStyle {
  const flow = args.others.get('default_flow_style');
  const width = args.others.get('width');
  return {
    ...usual,
    sort: named(args, 'sort_keys', true),
    ...(flow === undefined ? {} : { flow: flow === null ? 'leaves' : truthy(flow) ? 'all' : 'none' }),
    ...(width === undefined ? {} : { width: numberOf(width) }),
  };
}

const query = filter('expr', (value, args) => jsonQuery(value, args.text('expr')));

export const DATA_FILTERS: Filters = {
  tojson: filter('indent', (value, args) => {
    const json = writeJson(value, { indent: indentOf(args.get('indent')), sort: true });
    return json.replace(/[<>&']/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`);
  }),
  to_json: filter('**', (value, args) =>
    writeJson(value, {
      indent: indentOf(args.others.get('indent')),
      ascii: named(args, 'ensure_ascii', true),
      sort: named(args, 'sort_keys', false),
      separators: separators(args),
    }),
  ),
  to_nice_json: filter('indent sort_keys **', (value, args) =>
    writeJson(value, {
      indent: indentOf(args.get('indent') ?? 4),
      sort: args.flag('sort_keys', true),
      ascii: named(args, 'ensure_ascii', true),
      separators: separators(args),
    }),
  ),
  from_json: filter('**', (value) => parseJson(str(value))),
  to_yaml: filter('indent **', (value, args) => {
    const indent = args.number('indent', 2);
    return writeYaml(value, yamlStyle(args, { indent, flow: 'leaves' }));
  }),
  to_nice_yaml: filter('indent **', (value, args) => {
    return writeYaml(value, yamlStyle(args, { indent: args.number('indent', 4), flow: 'none' }));
  }),
  from_yaml: filter('', (value) => (typeof value === 'string' ? (parseYaml(value)[0] ?? null) : value)),
  from_yaml_all: filter('', (value) => (typeof value === 'string' ? parseYaml(value) : value)),
  json_query: query,
  'community.general.json_query': query,
};
