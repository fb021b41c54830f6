import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { expect } from 'chai';
import schema from '../../schemas/playbook.json' with { type: 'json' };

/** Ansible's keywords by level, made by record.py. */
const recorded: { readonly [level: string]: readonly string[] } = JSON.parse(
  readFileSync(join(import.meta.dirname, 'keywords.json'), 'utf8'),
);

const { definitions } = schema;
const keywords: { readonly [level: string]: object } = {
  import: definitions.import.properties,
  play: definitions.play.properties,
  block: definitions.block.properties,
  task: definitions.task.properties,
  handler: { ...definitions.task.properties, ...definitions.handler.properties },
  role: definitions.role_mapping.properties,
  loop_control: definitions.loop_control.properties,
};

describe('schemas/playbook.json', () => {
  it('is a valid schema, by the strict rules of Ajv', () => {
    const ajv = new Ajv({ strict: true, strictTypes: false, strictRequired: false, allowUnionTypes: true });
    ajv.addKeyword({ keyword: 'unsupported', schemaType: 'string' });
    expect(() => ajv.compile(schema)).not.to.throw();
  });

  it('describes every keyword, or says what to do instead', () => {
    const silent = Object.entries(definitions).flatMap(([name, definition]) =>
      Object.entries('properties' in definition ? definition.properties : {}).flatMap(([key, property]) => {
        return 'description' in property || 'unsupported' in property ? [] : [`${name}.${key}`];
      }),
    );
    expect(silent).to.deep.equal([]);
  });

  for (const [level, names] of Object.entries(recorded)) {
    it(`has every keyword that Ansible has for a ${level}`, () => {
      expect(Object.keys(keywords[level] ?? {})).to.include.members([...names]);
    });
  }
});
